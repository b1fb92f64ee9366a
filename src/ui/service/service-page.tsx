import './service.css';
import { serviceKey } from '../../domain/service-id.js';
import type { ServiceDetail } from '../../server/api-types/service-detail.js';
import type { ServiceRoute } from '../address/address.js';
import { navigate } from '../address/navigation.js';
import { serviceAddress } from '../address/address.js';
import { useReading } from '../live/reading.js';
import { countedUntil, snapshot } from '../live/snapshot.js';
import { UnreadPage } from '../words/unread-page.js';
import { BreakdownPanel } from './breakdown-panel.js';
import { BurnDownChart } from './burn-down-chart.js';
import { ProxyTable } from './proxy-table.js';
import { RangeBar } from './range-bar.js';
import { ServiceAlerts } from './service-alerts.js';
import { ServiceFindings } from './service-findings.js';
import { ServiceHead } from './service-head.js';
import { SignalCharts } from './signal-charts.js';
import { SloFacts } from './slo-facts.js';
import { SloTabs } from './slo-tabs.js';
import { StepTable } from './step-table.js';
import { VerdictPanel } from './verdict-panel.js';

/** Everything about one service: how it stands, whose fault it is, and how it came to that. */
export function ServicePage(asked: ServiceRoute) {
  // Another service is another page: nothing of the one before is to be seen meanwhile.
  return <OneService key={serviceKey(asked.service)} {...asked} />;
}

function OneService({ service, slo, range }: ServiceRoute) {
  const id = serviceKey(service);
  const { value, isOld, trouble } = useReading<ServiceDetail>({
    path: pathOf({ id, slo, range }),
    subject: JSON.stringify([slo, range]),
    version: snapshot.value,
  });
  if (!value) {
    return (
      <UnreadPage
        heading={service.name}
        trouble={trouble}
        what="This service"
        notFound="There is no service of this name (any more)."
        elsewhere={
          trouble?.kind === 'refused' && range.kind === 'fixed' ? (
            <a href={serviceAddress(service)}>Back to now</a>
          ) : (
            <a href="/">All services</a>
          )
        }
      />
    );
  }
  return (
    <>
      {trouble && (
        <p class="banner doubtful" role="alert">
          This service cannot be read now: {trouble.message}. What is shown was read before.
        </p>
      )}
      <article class={isOld ? 'service old' : 'service'} aria-busy={isOld}>
        <ServiceHead detail={value} />
        <VerdictPanel slos={value.slos} />
        <ChosenSlo detail={value} service={service} slo={slo} range={range} />
        <section class="panels two">
          <ServiceAlerts alerts={value.alerts} range={value.range} />
          <ProxyTable proxies={value.proxies} />
        </section>
        <ServiceFindings findings={value.findings} />
      </article>
    </>
  );
}

function ChosenSlo({ detail, service, slo, range }: Omit<ServiceRoute, 'page'> & { readonly detail: ServiceDetail }) {
  const chosen = detail.slos.find(({ id }) => id === detail.chosen?.id);
  const zoom = ({ fromSeconds, toSeconds }: { readonly fromSeconds: number; readonly toSeconds: number }) => {
    const stretch = { kind: 'fixed', from: fromSeconds, to: toSeconds } as const;
    navigate(serviceAddress(service, { ...(slo !== undefined && { slo }), range: stretch }));
  };
  return (
    <>
      {chosen ? (
        <>
          <SloTabs detail={detail} chosen={chosen.slo} range={range} />
          <section class="panels facts" aria-label={`SLO ${chosen.slo}`}>
            <SloFacts slo={chosen} />
            {detail.chosen && (
              <BurnDownChart
                slo={chosen}
                burnDown={detail.chosen.burnDown}
                importedUntilSeconds={detail.importedUntilSeconds}
                onZoom={zoom}
              />
            )}
            <StepTable slo={chosen} />
          </section>
        </>
      ) : (
        <p class="note">
          This service has no SLO: nothing is promised, and nobody is called. An SLO file gives it one.
        </p>
      )}
      <RangeBar detail={detail} service={service} slo={slo} range={range} />
      <SignalCharts detail={detail} chosen={chosen} onZoom={zoom} />
      {detail.chosen && <BreakdownPanel breakdown={detail.chosen.breakdown} slo={detail.chosen.slo} />}
    </>
  );
}

/** What is asked of the API; the last hours end where the counted minutes end. */
function pathOf({ id, slo, range }: { readonly id: string } & Pick<ServiceRoute, 'slo' | 'range'>): string {
  const parameters = new URLSearchParams({ id });
  if (slo !== undefined) parameters.set('slo', slo);
  const until = countedUntil.value;
  const stretch =
    range.kind === 'fixed' ? range : until == null ? undefined : { from: until - range.seconds, to: until };
  if (stretch) {
    parameters.set('from', String(stretch.from));
    parameters.set('to', String(stretch.to));
  }
  return `service?${parameters.toString()}`;
}
