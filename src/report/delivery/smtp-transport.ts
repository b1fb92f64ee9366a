import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createTransport, type Transporter } from 'nodemailer';
import type { SecretPlace, SmtpSettings } from '../../config/reports.js';
import { Failure } from '../../domain/failure.js';
import { systemReason } from '../../domain/system-reason.js';
import type { DeliveryOutcome } from './delivery-outcome.js';
import { outcomeOf } from './smtp-outcome.js';

/** A mail, ready to go. */
export interface OutgoingMail {
  /** With its angle brackets. */
  readonly messageId: string;
  /** Addresses alone. */
  readonly from: string;
  readonly to: string;
  /** Headers and body. */
  readonly bytes: Buffer;
}

/** A whole conversation may take so many times what one step may: a server that sends a byte at a time never ends a step. */
const conversationSteps = 10;

/** What a message read to its end notes. */
interface HandedOver {
  isWhole: boolean;
}

/**
 * Hands mails to one SMTP server, over a few connections that stay open for a while.
 *
 * Secrets and certificates are read when they are needed; a change of them opens new connections.
 */
export class SmtpTransport {
  readonly #settings: SmtpSettings;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #ending = new AbortController();
  #open: { readonly secrets: string; readonly transporter: Transporter } | undefined;

  constructor(settings: SmtpSettings, environment: NodeJS.ProcessEnv) {
    this.#settings = settings;
    this.#environment = environment;
  }

  /** Tries once; never fails. */
  async send({ from, to, bytes }: OutgoingMail): Promise<DeliveryOutcome> {
    const handedOver: HandedOver = { isWhole: false };
    // Not AbortSignal.timeout(): of signals that are joined, Node 20 forgets one that nobody else holds.
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), this.#settings.timeoutSeconds * conversationSteps * 1000);
    try {
      const transporter = await this.#transporter();
      await transporter.sendMail({
        envelope: { from, to: [to] },
        raw: bytes,
        createStream: () => lazyMessage(bytes, handedOver),
        signal: AbortSignal.any([this.#ending.signal, patience.signal]),
      } as Parameters<Transporter['sendMail']>[0]);
      return { kind: 'sent' };
    } catch (error) {
      if (error instanceof Failure) {
        return { kind: 'failed', reason: error.message, waitsFor: 'operator', unanswered: false };
      }
      return outcomeOf(error, handedOver.isWhole);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends every connection at once, for good; what is on its way fails. */
  abort(): void {
    this.#ending.abort();
    this.close();
  }

  /** Ends every connection, those that hand something over once they have done so. */
  close(): void {
    this.#open?.transporter.close();
    this.#open = undefined;
  }

  async #transporter(): Promise<Transporter> {
    const { login, caFile } = this.#settings;
    const ca = caFile === undefined ? undefined : await readText(caFile);
    const password = login && (await this.#password(login.password));
    const secrets = JSON.stringify([ca, password]);
    if (this.#open?.secrets !== secrets) {
      this.close();
      this.#open = { secrets, transporter: this.#connect(ca, password) };
    }
    return this.#open.transporter;
  }

  #connect(ca: string | undefined, password: string | undefined): Transporter {
    const { host, port, encryption, login, serverName, timeoutSeconds, connections } = this.#settings;
    const milliseconds = timeoutSeconds * 1000;
    const transporter = createTransport({
      pool: true,
      host,
      port,
      secure: encryption === 'tls',
      requireTLS: encryption === 'starttls',
      ignoreTLS: encryption === 'none',
      maxConnections: connections,
      // Whether a letter is sent again is ours to say: it knows of what happened before.
      maxRequeues: 0,
      connectionTimeout: milliseconds,
      greetingTimeout: milliseconds,
      socketTimeout: milliseconds,
      dnsTimeout: milliseconds,
      disableFileAccess: true,
      disableUrlAccess: true,
      tls: { ...(ca !== undefined && { ca }), ...(serverName !== undefined && { servername: serverName }) },
      // A server that offers no login is not sent anything without one.
      ...(login && { auth: { user: login.username, pass: password! }, forceAuth: true }),
    });
    transporter.use('stream', (mail, done) => {
      const { createStream } = mail.data as { createStream?: () => Readable };
      // Nodemailer would read ahead; what was read is to be what the server was sent.
      if (createStream) mail.message.createReadStream = createStream;
      done();
    });
    return transporter;
  }

  async #password(place: SecretPlace): Promise<string> {
    if (place.kind === 'file') return (await readText(place.file)).replace(/\r?\n$/, '');
    const value = this.#environment[place.variable];
    if (value === undefined) {
      throw new Failure('bad-configuration', `environment variable ${place.variable} is not set`);
    }
    return value;
  }
}

/** The message in pieces; notes when the last of them is taken. */
function lazyMessage(bytes: Buffer, handedOver: HandedOver): Readable {
  const pieceBytes = 65_536;
  let from = 0;
  return new Readable({
    read() {
      const piece = bytes.subarray(from, from + pieceBytes);
      from += piece.length;
      if (from >= bytes.length) handedOver.isWhole = true;
      this.push(piece.length > 0 ? piece : null);
    },
  });
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Failure('file-unreadable', `${file} cannot be read: ${systemReason(cause)}`, { cause });
  }
}
