import { Failure, failureOf } from '../../domain/failure.js';
import type { InstanceFacts } from '../differences.js';
import { type EndpointClient, isAnswer } from '../endpoint-client.js';
import { type NameState, readAddr, readDtab } from './namerd-answers.js';

/** Names that one look asks Namerd about. */
const mostNames = 5000;

/** The dtabs of one Namerd, and why some of them could not be read. */
export interface DtabLook extends InstanceFacts {
  readonly failure: Failure | undefined;
}

/** The dtabs of every Namerd. */
export async function askDtabs(
  clients: readonly EndpointClient[],
  namespaces: readonly string[],
): Promise<readonly DtabLook[]> {
  return Promise.all(
    clients.map(async (client) => {
      const facts = new Map<string, string>();
      let failure: Failure | undefined;
      for (const namespace of namespaces) {
        try {
          const dtab = readDtab((await client.json(`/api/1/dtabs/${encodeURIComponent(namespace)}`)).value);
          if (dtab !== undefined) facts.set(`the dtab of ${namespace}`, dtab);
        } catch (error) {
          failure = failureOf(error);
        }
      }
      return { address: client.address, facts, failure };
    }),
  );
}

/** What Namerd knows of each name, in one namespace of dtabs; names that it does not tell are left out. */
export async function askAddresses(
  clients: readonly EndpointClient[],
  namespace: string,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, NameState>> {
  const known = new Map<string, NameState>();
  const answering = new Set(clients);
  for (const name of [...names].sort().slice(0, mostNames)) {
    const path = `/api/1/addr/${encodeURIComponent(namespace)}?path=${encodeURIComponent(name)}`;
    const addr = await firstAnswer(answering, path);
    if (addr !== undefined) known.set(name, addr);
    if (answering.size === 0) break;
  }
  return known;
}

/** What the first Namerd that has an answer says; one that is gone is not waited for by every name. */
async function firstAnswer(answering: Set<EndpointClient>, path: string): Promise<NameState | undefined> {
  for (const client of [...answering]) {
    try {
      const addr = readAddr((await client.json(path)).value);
      if (addr !== undefined) return addr;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!isAnswer(error)) answering.delete(client);
    }
  }
  return undefined;
}
