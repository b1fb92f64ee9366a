import { roundPercentInWords } from '../../domain/in-words.js';
import type { ServiceSloView } from '../../server/api-types/service-detail.js';
import { countText } from '../words/numbers.js';
import { lastingTrouble } from './lasting-trouble.js';

/** An hour tells enough to judge, and is short enough to be about now. */
const windowSeconds = 3600;

/** What one side of the question did in the last hour. */
export interface Side {
  readonly name: string;
  readonly text: string;
  /** Whether it fails more than its objective allows; undefined where nothing is known. */
  readonly isFailing: boolean | undefined;
}

/** Whether it is the service or the mesh, in one sentence, and the figures it rests on. */
export interface Verdict {
  readonly sentence: string;
  readonly sides: readonly Side[];
}

/**
 * Judges by what the service's own proxy saw, or else by what its clients' proxies did, and by what these could not bring
 * there.
 */
export function verdictOf(slos: readonly ServiceSloView[]): Verdict {
  const mesh = meshSide(slos);
  const isRead = slos.some(({ perspective }) => perspective === 'server');
  if (!isRead && slos.some(({ perspective }) => perspective === 'client')) {
    const clients = serviceSide(slos, 'client');
    return verdict(sentenceOfClients(clients.isFailing, mesh.isFailing), [clients, mesh], slos);
  }
  const service = serviceSide(slos, 'server');
  if (isSilent(slos)) {
    return { sentence: 'Neither can be judged: there were no requests in the last hour.', sides: [service, mesh] };
  }
  return verdict(sentenceOf(service.isFailing, mesh.isFailing), [service, mesh], slos);
}

/** Whether somebody looked, and there was nothing to be seen. */
function isSilent(slos: readonly ServiceSloView[]): boolean {
  const hours = slos.flatMap(({ burnRates }) => burnRates.filter((rate) => rate.windowSeconds === windowSeconds));
  return hours.length > 0 && hours.every(({ total }) => total === 0) && hours.some(({ coverage }) => coverage > 0);
}

/** Where the last hour is calm, what was before it may not be. */
function verdict(sentence: string, sides: readonly Side[], slos: readonly ServiceSloView[]): Verdict {
  const isCalm =
    sides.every(({ isFailing }) => isFailing !== true) && sides.some(({ isFailing }) => isFailing === false);
  return { sentence: isCalm ? sentence + lastingTrouble(slos) : sentence, sides };
}

/** What clients see fail may have failed on its way: that the mesh loses nothing is what makes it the service. */
function sentenceOfClients(clients: boolean | undefined, mesh: boolean | undefined): string {
  if (clients === undefined) return sentenceOf(undefined, mesh);
  if (mesh) return 'It is the mesh at least: requests are lost before they reach the service.';
  if (clients) {
    return mesh === undefined
      ? 'Clients see it fail; whether it is the service or the mesh, nobody can say.'
      : 'It is the service: its clients see it fail, and the mesh delivers.';
  }
  return mesh === undefined
    ? 'Clients are answered.'
    : 'Neither in the last hour: clients are answered, and the mesh delivers.';
}

function sentenceOf(service: boolean | undefined, mesh: boolean | undefined): string {
  if (service === undefined && mesh === undefined) return 'Nobody can say whether it is the service or the mesh.';
  if (service && mesh) return 'It is both: the service fails, and requests are lost before they reach it.';
  if (service) {
    return mesh === undefined
      ? 'It is the service at least; what the mesh loses, nobody can say.'
      : 'It is the service: its own proxy sees it fail, and the mesh delivers.';
  }
  if (mesh) return 'It is the mesh: requests are lost before they reach the service.';
  if (service === undefined) return 'The mesh delivers; how the service answers, nobody can say.';
  if (mesh === undefined) return 'The service answers; what the mesh loses, nobody can say.';
  return 'Neither in the last hour: the service answers, and the mesh delivers.';
}

function serviceSide(slos: readonly ServiceSloView[], eyes: 'server' | 'client'): Side {
  const own = slos.filter(({ perspective }) => perspective === eyes);
  const availability = own.find(({ indicator }) => indicator.kind === 'availability');
  const told = availability ?? own[0];
  const failing = own.map(isFailing);
  const slow = own.some((slo) => slo.indicator.kind !== 'availability' && isFailing(slo));
  return {
    name: eyes === 'server' ? 'The service' : 'The service, seen by its clients',
    text: told ? `${failedText(told, 'failed')}${slow ? '; too many are slow' : ''}` : 'unknown: its proxy is not read',
    isFailing: failing.includes(true) ? true : failing.includes(false) ? false : undefined,
  };
}

function meshSide(slos: readonly ServiceSloView[]): Side {
  const mesh = slos.find(({ perspective }) => perspective === 'mesh-failures');
  return {
    name: 'The mesh',
    text: mesh ? failedText(mesh, 'did not reach it') : 'unknown: nothing measures what does not reach it',
    isFailing: mesh && isFailing(mesh),
  };
}

/** Twice as fast as allowed is more than a bad day; one or two requests are none. */
const failingFrom = { burnRate: 2, bad: 3 };

/** Whether somebody would be called for it, or soon would be; undefined where nothing was seen. */
function isFailing({ burnRates, steps }: ServiceSloView): boolean | undefined {
  const hour = burnRates.find((rate) => rate.windowSeconds === windowSeconds);
  if (hour?.burnRate == null) return undefined;
  const isPaged = steps.some(({ isActive, severity }) => isActive && severity === 'page');
  return isPaged || (hour.burnRate >= failingFrom.burnRate && hour.bad >= failingFrom.bad);
}

function failedText({ burnRates }: ServiceSloView, what: string): string {
  const hour = burnRates.find((rate) => rate.windowSeconds === windowSeconds);
  if (!hour || hour.coverage === 0) return 'unknown: nobody looked in the last hour';
  if (hour.total === 0) return 'no requests in the last hour';
  const share = hour.bad === 0 ? '' : ` (${roundPercentInWords(hour.bad / hour.total)})`;
  return `${countText(hour.bad)} of ${countText(hour.total)} requests ${what}${share} in the last hour`;
}
