/**
 * Units that Grafana has by id, of the categories in which ours are: a panel with any other id shows bare numbers with the id
 * behind them.
 *
 * @see grafana/grafana packages/grafana-data/src/valueFormats/categories.ts (Misc, Data, Data rate, Time, Throughput)
 */
const unitIds = {
  misc: 'none string short percent percentunit humidity dB hex0x hex sci locale pixel',
  data: 'bits bytes kbytes mbytes gbytes tbytes pbytes decbits decbytes deckbytes decmbytes decgbytes dectbytes decpbytes',
  dataRate: 'pps bps Bps KBs Kbits MBs Mbits GBs Gbits TBs Tbits PBs Pbits',
  time: 'hertz ns µs ms s m h d dtdurationms dtdurations dthms dtdhms timeticks clockms clocks',
  throughput: 'cps ops reqps rps wps iops cpm opm rpm wpm',
} as const;

const known = new Set(Object.values(unitIds).flatMap((ids) => ids.split(' ')));

/** Whether Grafana knows a unit: by its id, or as one that says itself what it is (`suffix:x`). */
export function isGrafanaUnit(unit: string): boolean {
  return known.has(unit) || /^(suffix|prefix|time|si|count|currency):.+$/.test(unit);
}
