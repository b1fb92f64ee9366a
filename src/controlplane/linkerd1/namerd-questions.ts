import { Failure, failureOf } from '../../domain/failure.js';
import type { InstanceFacts } from '../differences.js';
import { type EndpointClient, isAnswer } from '../endpoint-client.js';
import { Turns } from '../turns.js';
import { type NameState, readAddr, readDtab } from './namerd-answers.js';

/** Names that one look asks Namerd about, if there is time for so many. */
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
  return Promise.all(clients.map((client) => client.within(client.timeoutSeconds, () => dtabsOf(client, namespaces))));
}

async function dtabsOf(client: EndpointClient, namespaces: readonly string[]): Promise<DtabLook> {
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
}

/** What Namerd knows of some names. */
export interface ToldAddresses {
  readonly known: ReadonlyMap<string, NameState>;
  /** Names whose turn it was: of those that nobody tells, nobody knows. */
  readonly asked: ReadonlySet<string>;
}

/** What Namerd knows of names, in one namespace of dtabs. Where there are many names, each look asks about some of them. */
export class AddressBook {
  readonly #namespace: string;
  readonly #secondsPerLook: number;
  readonly #turns = new Turns<string>();

  /** @param secondsPerLook that all controllers together may take for what they are asked at one look */
  constructor(namespace: string, secondsPerLook: number) {
    this.#namespace = namespace;
    this.#secondsPerLook = secondsPerLook;
  }

  /** What one controller does not tell, the next one is asked. */
  async ask(clients: readonly EndpointClient[], names: ReadonlySet<string>): Promise<ToldAddresses> {
    const due = this.#turns.order(names).slice(0, mostNames);
    const known = new Map<string, NameState>();
    const asked = new Set<string>();
    const tried = new Set<string>();
    for (const client of clients) {
      const open = due.filter((name) => !known.has(name));
      await client.within(this.#secondsPerLook / clients.length, () =>
        this.#askOne(client, open, { known, asked, tried }),
      );
    }
    this.#turns.pass(tried);
    return { known, asked };
  }

  async #askOne(
    client: EndpointClient,
    names: readonly string[],
    {
      known,
      asked,
      tried,
    }: { readonly known: Map<string, NameState>; readonly asked: Set<string>; readonly tried: Set<string> },
  ): Promise<void> {
    for (const name of names) {
      const path = `/api/1/addr/${encodeURIComponent(this.#namespace)}?path=${encodeURIComponent(name)}`;
      try {
        const addr = readAddr((await client.json(path)).value);
        if (addr !== undefined) known.set(name, addr);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        // One that is gone, or slow, is not waited for by every name, and the name that had all the time not at every look.
        if (!isAnswer(error)) {
          if (name === names[0]) tried.add(name);
          return;
        }
      }
      asked.add(name);
      tried.add(name);
    }
  }
}
