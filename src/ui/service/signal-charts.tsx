import { useMemo, useState } from 'preact/hooks';
import type { ServiceDetail, ServiceSloView, UnknownReason } from '../../server/api-types/service-detail.js';
import type { ChartMarks } from '../charts/chart-marks.js';
import type { Stretch } from '../charts/stretch.js';
import type { ChartContent, ChartLine } from '../charts/chart-options.js';
import { TimeChart } from '../charts/time-chart.js';
import { momentText, rateText } from '../words/numbers.js';
import { badSentence, bytesText, ratioText, secondsText, spreadSentence, unknownTexts } from './chart-words.js';
import { EventList, eventKey } from './event-list.js';
import { holes, timesOf } from './steps-of-time.js';

interface ChartsProps {
  readonly detail: ServiceDetail;
  readonly chosen: ServiceSloView | undefined;
  readonly onZoom: (range: Stretch) => void;
}

/** One picture: what it shows, and why it shows nothing. */
interface Signal {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly summary: string;
  readonly format: (value: number) => string;
  readonly unknown: UnknownReason | null;
  readonly limit?: ChartContent['limit'];
}

/** The golden signals over the shown time, and the chosen SLO's bad requests against its objective. */
export function SignalCharts({ detail, chosen, onZoom }: ChartsProps) {
  const { range } = detail;
  const times = useMemo(() => timesOf(range, detail.signals.requestsPerSecond.length), [detail]);
  const marks = useMemo(() => marksOf(detail), [detail]);
  const [pointed, setPointed] = useState<string | undefined>(undefined);
  const events = useMemo(
    () =>
      detail.events.map((event) => ({
        kind: event.kind,
        atSeconds: event.atSeconds,
        text: event.summary,
        isPointed: eventKey(event) === pointed,
      })),
    [detail, pointed],
  );
  const signals = useMemo(() => signalsOf(detail, chosen, times), [detail, chosen, times]);
  return (
    <section class="charts" aria-label="Charts">
      {signals.map(({ title, unknown, limit, ...signal }) =>
        unknown ? (
          <figure class="chart" key={title}>
            <figcaption>
              <h3>{title}</h3>
            </figcaption>
            <p class="nothing">{unknownTexts[unknown]}</p>
          </figure>
        ) : (
          <TimeChart
            key={title}
            title={title}
            {...signal}
            times={times}
            marks={marks}
            events={events}
            range={range}
            limit={limit}
            least={[0, 0]}
            group="range"
            onZoom={onZoom}
          />
        ),
      )}
      <EventList detail={detail} onPoint={setPointed} />
      {signals.some(({ unknown }) => !unknown) && (
        <p class="chart-key">
          <span class="for-pointers">Drag over a chart to see that time alone. </span>
          {keyText(marks, events.length > 0)}
        </p>
      )}
    </section>
  );
}

function signalsOf(
  detail: ServiceDetail,
  chosen: ServiceSloView | undefined,
  times: readonly number[],
): readonly Signal[] {
  const { signals } = detail;
  const { latency, unknown } = signals;
  const plain = (label: string, values: ChartLine['values']): ChartLine => ({ label, tone: 'strong', values });
  return [
    ...(chosen ? [badSignal(chosen, times)] : []),
    {
      title: 'Traffic',
      lines: [plain('requests', signals.requestsPerSecond)],
      summary: spreadSentence(signals.requestsPerSecond, rateText) + leftOutText(signals.leftOutRatio),
      format: rateText,
      unknown: unknown.requests,
    },
    {
      title: 'Latency',
      lines: [
        { label: 'p99', tone: 'strong', values: latency.p99Seconds },
        { label: 'p90', tone: 'plain', values: latency.p90Seconds },
        { label: 'p50', tone: 'faint', values: latency.p50Seconds },
      ],
      summary: `p99: ${spreadSentence(latency.p99Seconds, secondsText)}${boundText(latency)}`,
      format: secondsText,
      unknown: unknown.latency,
      ...(chosen !== undefined &&
        chosen.indicator.kind !== 'availability' && {
          limit: { label: 'threshold', value: chosen.indicator.thresholdSeconds },
        }),
    },
    {
      title: 'Proxy memory',
      lines: [plain('memory', signals.memoryBytes)],
      summary: spreadSentence(signals.memoryBytes, bytesText),
      format: bytesText,
      unknown: unknown.memory,
    },
    {
      title: 'Proxy connections',
      lines: [plain('connections', signals.connections)],
      summary: spreadSentence(signals.connections, (value) => String(Math.round(value))),
      format: (value) => String(Math.round(value * 10) / 10),
      unknown: unknown.connections,
    },
  ];
}

function badSignal({ slo, objective, range }: ServiceSloView, times: readonly number[]): Signal {
  const allowed = 1 - objective;
  const ratios = range.total.map((total, index) => (total ? (range.bad[index] ?? 0) / total : null));
  const wasSeen = range.total.some((total) => total !== null);
  const isKnown = ratios.some((ratio) => ratio !== null);
  return {
    title: `Bad requests, ${slo}`,
    lines: [{ label: 'bad', tone: 'bad', values: ratios, isStepped: true }],
    summary: badSentence(ratios, times, allowed),
    format: ratioText,
    unknown: isKnown ? null : wasSeen ? 'no-traffic' : 'no-data',
    limit: { label: 'allowed', value: allowed },
  };
}

function marksOf({ signals, range, gaps, importedUntilSeconds, alerts }: ServiceDetail): ChartMarks {
  return {
    gaps: [...holes(signals.requestsPerSecond, range), ...gaps],
    importedUntilSeconds:
      importedUntilSeconds !== null && importedUntilSeconds > range.fromSeconds ? importedUntilSeconds : undefined,
    alerts: alerts
      .filter(({ inhibited }) => !inhibited)
      .map(({ startedSeconds, endedSeconds }) => ({
        fromSeconds: startedSeconds,
        toSeconds: endedSeconds ?? range.toSeconds,
      })),
  };
}

/** What the marks mean, where there are any. */
function keyText({ gaps, importedUntilSeconds, alerts }: ChartMarks, hasEvents: boolean): string {
  return [
    ...(gaps.length > 0 ? ['Hatched: nobody looked.'] : []),
    ...(importedUntilSeconds === undefined ? [] : [`Shaded: imported, up to ${momentText(importedUntilSeconds)}.`]),
    ...(alerts.length > 0 ? ['Bar at the top: an alert fired.'] : []),
    ...(hasEvents ? ['Upright line: something happened; point at it to see what.'] : []),
  ].join(' ');
}

function leftOutText(ratios: readonly (number | null)[]): string {
  const worst = Math.max(...ratios.map((ratio) => ratio ?? 0), 0);
  return worst < 0.001
    ? ''
    : ` Up to ${ratioText(Number(worst.toPrecision(2)))} went away before an answer: not counted.`;
}

function boundText({ p99Seconds, highestBoundSeconds }: ServiceDetail['signals']['latency']): string {
  if (highestBoundSeconds === null || !p99Seconds.some((value) => value !== null && value >= highestBoundSeconds))
    return '';
  return ` Anything over ${secondsText(highestBoundSeconds)} is told as that.`;
}
