import { Server } from 'node:http';
import { Server as HttpsServer } from 'node:https';

// Servers of tests keep connections that nobody uses. Else a process that stood still for five seconds, on a busy machine, finds
// them closed when it asks again, and what it tests is blamed.
for (const { prototype } of [Server, HttpsServer])
  Object.defineProperty(prototype, 'keepAliveTimeout', { configurable: true, get: () => 0, set: () => undefined });
