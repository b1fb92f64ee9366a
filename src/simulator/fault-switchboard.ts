import type { IncomingMessage, ServerResponse } from 'node:http';

/** Something that can be made to go wrong. */
export interface FaultSwitch {
  readonly name: string;
  readonly set: (isOn: boolean) => void;
}

/** When a fault is on by itself, in seconds from the start. */
export interface FaultTimes {
  readonly name: string;
  readonly first: number;
  readonly lasts: number;
  readonly every: number;
}

/** What can go wrong with one part of a simulation, and when it does so by itself. */
export interface FaultSet {
  readonly switches: readonly FaultSwitch[];
  readonly times: readonly FaultTimes[];
}

/**
 * Switches of a simulation's faults: they follow their times until somebody sets one by hand, which then stays as it is set.
 *
 * `GET /faults` lists them, `PUT /faults/<name>` switches one on, `DELETE` off.
 */
export class FaultSwitchboard {
  readonly #switches: readonly FaultSwitch[];
  readonly #times: ReadonlyMap<string, FaultTimes>;
  readonly #byHand = new Set<string>();
  readonly #on = new Set<string>();

  constructor(switches: readonly FaultSwitch[], times: readonly FaultTimes[]) {
    this.#switches = switches;
    this.#times = new Map(times.map((one) => [one.name, one]));
  }

  /** Switches what is due, so many seconds after the start. */
  live(seconds: number): void {
    for (const { name } of this.#switches) {
      const times = this.#times.get(name);
      if (!times || this.#byHand.has(name)) continue;
      const since = seconds - times.first;
      this.#set(name, since >= 0 && since % times.every < times.lasts);
    }
  }

  /** Answers a request for `/faults...`; false for any other. */
  answer({ method, url = '' }: IncomingMessage, response: ServerResponse): boolean {
    const path = /^\/faults(?<name>\/[\w-]+)?$/.exec(url);
    if (!path) return false;
    const name = path.groups?.['name']?.slice(1);
    if (name !== undefined && !this.#switches.some((one) => one.name === name)) {
      response.writeHead(404).end();
      return true;
    }
    if (name !== undefined && (method === 'PUT' || method === 'DELETE')) {
      this.#byHand.add(name);
      this.#set(name, method === 'PUT');
    }
    const list = this.#switches.map((one) => ({ fault: one.name, on: this.#on.has(one.name) }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list));
    return true;
  }

  #set(name: string, isOn: boolean): void {
    if (this.#on.has(name) === isOn) return;
    if (isOn) this.#on.add(name);
    else this.#on.delete(name);
    this.#switches.find((one) => one.name === name)!.set(isOn);
  }
}
