import type { ComponentChildren } from 'preact';
import { findingSeverities, type FindingSeverity } from '../../domain/finding-kinds.js';
import { latencyInWords, spanInWords } from '../../domain/in-words.js';
import type {
  CertificateView,
  ProxySyncView,
  ProxyVersionsView,
  PushesView,
  WarmingView,
} from '../../server/api-types/control-plane.js';
import { findingsAddress } from '../address/address.js';
import { countText } from '../words/numbers.js';

interface Untold {
  /** Why nobody tells it. */
  readonly why: string | undefined;
}

interface FactProps extends Untold {
  readonly title: string;
  /** How much the worst of it matters, as findings say; undefined where all is well. */
  readonly severity: FindingSeverity | undefined;
  readonly children: ComponentChildren;
}

/** A question and its answer; where nobody knows the answer, why. */
function Fact({ title, why, severity, children }: FactProps) {
  return (
    <div class={severity === undefined ? 'signal' : `signal severity ${severity}`}>
      <dt>{title}</dt>
      <dd>{why === undefined ? children : <span class="unknown">Not known: {why}.</span>}</dd>
    </div>
  );
}

/** Whether proxies have what they were sent. */
export function SyncFact({ sync, why }: Untold & { readonly sync: ProxySyncView | null }) {
  const count = (status: string): number => sum(sync?.proxies.filter((one) => one.status === status) ?? []);
  const all = sum(sync?.proxies ?? []);
  const [late, refusing, pending] = [count('out-of-sync'), count('rejecting'), count('pending')];
  const [unsent, unknown] = [count('not-sent'), count('unknown')];
  return (
    <Fact
      title="In sync"
      why={why}
      severity={
        late > 0 ? findingSeverities.SidecarOutOfSync : refusing > 0 ? findingSeverities.ConfigRejected : undefined
      }
    >
      {all === 0 ? (
        'No proxy is connected.'
      ) : (
        <>
          <b>{countText(all - late - refusing - unsent - unknown)}</b> of {proxies(all)}
          {pending > 0 && `, a push to ${countText(pending)} of them on its way`}
          {unsent > 0 && `; nothing was sent to ${countText(unsent)} yet`}
          {unknown > 0 && `; nobody can tell of ${countText(unknown)}`}.
        </>
      )}
      {late > 0 && (
        <div>
          <a href={findingsAddress({ kind: 'SidecarOutOfSync' })}>{countText(late)} out of sync</a>
          {owners(sync!, 'out-of-sync')}
        </div>
      )}
      {refusing > 0 && (
        <div>
          <a href={findingsAddress({ kind: 'ConfigRejected' })}>
            {countText(refusing)} {refusing === 1 ? 'refuses' : 'refuse'} a push
          </a>
          {owners(sync!, 'rejecting')}
        </div>
      )}
    </Fact>
  );
}

/** Which versions run, and who has to restart what. */
export function VersionFact({ versions, why }: Untold & { readonly versions: ProxyVersionsView | null }) {
  const drifting = sum(versions?.drifting ?? []);
  return (
    <Fact title="Versions of proxies" why={why} severity={drifting > 0 ? findingSeverities.VersionDrift : undefined}>
      {versions?.proxies.length === 0 && 'No proxy has told its version.'}
      {versions?.proxies.map(({ version, count }) => `${version}: ${countText(count)}`).join(', ')}
      {typeof versions?.wanted === 'string' && <div class="summary">Wanted: {versions.wanted}</div>}
      {drifting > 0 && (
        <div>
          <a href={findingsAddress({ kind: 'VersionDrift' })}>{countText(drifting)} to restart</a>
          {named(versions!.drifting)}
        </div>
      )}
    </Fact>
  );
}

/** Which certificates end when. */
export function CertificateFact({
  certificates,
  why,
}: Untold & { readonly certificates: readonly CertificateView[] | null }) {
  const soon = certificates?.some((one) => one.secondsLeft < one.neededSeconds) ?? false;
  return (
    <Fact title="Certificates" why={why} severity={soon ? findingSeverities.CertificateExpiring : undefined}>
      {certificates?.length === 0 && 'None is told.'}
      <ul class="plain">
        {certificates?.map((one) => (
          <li key={`${one.name} ${one.owner ?? ''}`}>
            {one.name}
            {one.of === 'workload' && ` of ${one.owner ?? 'nobody'}`}: {timeLeft(one)}
          </li>
        ))}
      </ul>
      {soon && <a href={findingsAddress({ kind: 'CertificateExpiring' })}>Those that end soon</a>}
    </Fact>
  );
}

function timeLeft({ secondsLeft, isInWholeDays }: CertificateView): string {
  if (secondsLeft > 0) return `${spanInWords(secondsLeft)} left`;
  return isInWholeDays ? 'less than a day left, or ended' : `ended ${spanInWords(-secondsLeft)} ago`;
}

/** How long a change takes, and what went wrong on the way. */
export function PushFact({ pushes, why }: Untold & { readonly pushes: PushesView | null }) {
  const { p50Seconds = null, p99Seconds = null, meanSeconds = null, pushesPerSecond = null } = pushes ?? {};
  const errors = (
    [
      ['refused', pushes?.rejects],
      ['not sent', pushes?.failures],
      ['certificates refused', pushes?.certificateErrors],
    ] as const
  ).filter(([, count]) => count !== null && count !== undefined && count >= 0.5);
  return (
    <Fact
      title="Pushes, last 5 minutes"
      why={why}
      severity={errors.length > 0 ? findingSeverities.ConfigRejected : undefined}
    >
      {meanSeconds !== null && (
        <>
          <b>{latencyInWords(rounded(meanSeconds))}</b> on average.
        </>
      )}
      {meanSeconds === null && (p99Seconds === null || p50Seconds === null) && 'Nothing was pushed.'}
      {p99Seconds !== null && p50Seconds !== null && (
        <>
          Half within <b>{latencyInWords(rounded(p50Seconds))}</b>, 99 % within{' '}
          <b>{latencyInWords(rounded(p99Seconds))}</b>
          {pushesPerSecond !== null && `; ${rounded(pushesPerSecond)} a second`}.
        </>
      )}
      {errors.length > 0 && (
        <div class="summary">
          {errors.map(([word, count]) => `${countText(Math.round(count!))} ${word}`).join(', ')}
        </div>
      )}
    </Fact>
  );
}

/** What waits for something that does not come. */
export function WarmingFact({ warming, why }: Untold & { readonly warming: WarmingView | null }) {
  return (
    <Fact title="Warming" why={why} severity={(warming?.stuck ?? 0) > 0 ? findingSeverities.WarmingStuck : undefined}>
      {warming?.proxies === 0 && 'No proxy has told.'}
      {warming && warming.proxies > 0 && `${countText(warming.warming)} of ${proxies(warming.proxies)}`}
      {warming && warming.stuck > 0 && (
        <div>
          <a href={findingsAddress({ kind: 'WarmingStuck' })}>{countText(warming.stuck)} for too long</a>
        </div>
      )}
    </Fact>
  );
}

function owners({ behind }: ProxySyncView, status: string): string {
  return named(behind.filter((one) => one.status === status));
}

/** `: team-shop 2, nobody 1` */
function named(counts: readonly { readonly owner: string | null; readonly count: number }[]): string {
  const byOwner = new Map<string, number>();
  for (const { owner, count } of counts) byOwner.set(owner ?? 'nobody', (byOwner.get(owner ?? 'nobody') ?? 0) + count);
  return `: ${[...byOwner].map(([owner, count]) => `${owner} ${countText(count)}`).join(', ')}`;
}

function proxies(count: number): string {
  return `${countText(count)} ${count === 1 ? 'proxy' : 'proxies'}`;
}

function sum(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
