import { createHash } from 'node:crypto';
import type { ServiceId } from '../../domain/service-id.js';
import { serviceKey } from '../../domain/service-id.js';

/** Grafana refuses longer ones. @see grafana/grafana docs/sources/developers/http_api/dashboard.md */
export const longestUid = 40;

/** The board of the whole; the same uid in every Grafana. */
export function boardUid(pack: string, further?: string): string {
  const plain = further === undefined ? `meshslo-${pack}` : `meshslo-${pack}-${further}`;
  if (plain.length <= longestUid && /^[a-z0-9-]+$/.test(plain)) return plain;
  return `meshslo-${digest(plain, longestUid - 8)}`;
}

/** The board of a service: its name may hold anything, so a digest of it stands in its place. */
export function serviceBoardUid(service: ServiceId, pack = 'service'): string {
  return `meshslo-svc-${digest(ofPack(serviceKey(service), pack, 'service'), digestDigits)}`;
}

/** The board of a team. */
export function teamBoardUid(owner: string, pack = 'slos'): string {
  return `meshslo-team-${digest(ofPack(owner, pack, 'slos'), digestDigits)}`;
}

/** 24 digits are 96 bits: among a million names a collision is a matter of one in 10^17. */
const digestDigits = 24;

/** Further packs of users have boards of their own beside those that come with meshslo. */
function ofPack(text: string, pack: string, usual: string): string {
  return pack === usual ? text : `${pack}\n${text}`;
}

function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}
