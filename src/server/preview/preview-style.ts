/** How the pages look; every size of a panel is a class, for nothing is styled inline. */
export function previewStyle(): string {
  const widths = Array.from({ length: 24 }, (_, index) => `.w${index + 1}{grid-column:span ${index + 1}}`);
  const heights = Array.from({ length: 40 }, (_, index) => `.h${index + 1}{min-height:${(index + 1) * 30}px}`);
  const turns = turnColours.map((colour, index) => `.turn-${index}{--tone:${colour}}`);
  return [base, ...widths, ...heights, ...turns].join('\n');
}

/** Apart in hue and in lightness, on paper and on black. */
const turnColours = [
  '#3f7de0',
  '#d9822b',
  '#2f9e77',
  '#b8548f',
  '#8a8f2a',
  '#5aa9c9',
  '#a3a3c2',
  '#7a6bd0',
  '#9c7a52',
  '#6f8a99',
];

const base = `
:root{color-scheme:light dark;--paper:#fff;--raised:#f5f6f8;--ink:#1b1f26;--quiet:#58616f;--line:#dfe3e8;--accent:#1f5fd0;--good:#1c7a42;--bad:#b3261e;--warning:#a35a00;--p50:#b39ddb;--p90:#8e6bc7;--p99:#5b3a96;
font:14px/1.4 system-ui,sans-serif;font-variant-numeric:tabular-nums}
@media(prefers-color-scheme:dark){:root{--paper:#14171c;--raised:#1d2128;--ink:#e6e9ee;--quiet:#9ea8b6;--line:#2f3640;--accent:#7fb0ff;--good:#6fcf97;--bad:#ff8f85;--warning:#ffb454;--p50:#7e6aa8;--p90:#a58be0;--p99:#d6c4ff}}
.tone-plain{--tone:var(--accent)}.tone-good{--tone:var(--good)}.tone-bad{--tone:var(--bad)}.tone-warning{--tone:var(--warning)}.tone-quiet{--tone:var(--quiet)}.tone-p50{--tone:var(--p50)}.tone-p90{--tone:var(--p90)}.tone-p99{--tone:var(--p99)}
*{box-sizing:border-box}body{margin:0;padding:16px 20px;background:var(--raised);color:var(--ink)}
a{color:var(--accent)}h1{font-size:20px;margin:0 0 2px}h2{font-size:14px;margin:18px 0 6px;color:var(--quiet)}h3{font-size:13px;margin:0 0 6px;font-weight:600;display:flex;gap:6px}
nav{display:flex;flex-wrap:wrap;gap:4px 14px;margin:8px 0}nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration:none}
form{display:flex;flex-wrap:wrap;gap:8px 14px;margin:8px 0;align-items:end}label{display:grid;color:var(--quiet);font-size:12px}select,button{font:inherit;padding:3px 6px;background:var(--paper);color:var(--ink);border:1px solid var(--line);border-radius:4px}
.answers{color:var(--quiet);margin:0}
.row{display:grid;grid-template-columns:repeat(24,minmax(0,1fr));gap:8px}
.panel{background:var(--paper);border:1px solid var(--line);border-radius:6px;padding:8px 10px;overflow:hidden;display:flex;flex-direction:column}
.panel svg{width:100%;height:auto;display:block}
details{margin-left:auto;font-weight:400;color:var(--quiet)}summary{cursor:pointer;list-style:none;width:16px;height:16px;line-height:15px;text-align:center;border:1px solid var(--line);border-radius:50%;font-size:11px}
details p{margin:4px 0}pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:11px;max-height:140px;overflow:auto;margin:4px 0}
.grid{stroke:var(--line)}.tick{fill:var(--quiet);font-size:11px}.line{fill:none;stroke:var(--tone);stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}.limit{stroke:var(--tone);stroke-dasharray:4 4}

.marked{stroke:var(--tone);stroke-dasharray:3 3;fill:none}.shade{fill:var(--tone);opacity:.7}.flag{fill:var(--tone)}.reach{fill:transparent}.mark{outline:none}.mark:focus-visible .flag{stroke:var(--ink)}.said{visibility:hidden;pointer-events:none}.mark:hover .said,.mark:focus .said{visibility:visible}.said rect{fill:var(--paper);stroke:var(--tone)}.said text{fill:var(--ink);font-size:11px}
.happened{margin:8px 0;font-weight:400;color:var(--quiet)}.happened summary{width:auto;height:auto;border:0;border-radius:0;font-size:13px;text-align:left;text-decoration:underline dotted}.happened ul{list-style:none;margin:4px 0;padding:0;font-size:13px}.happened i{display:inline-block;width:3px;height:12px;margin-right:6px;vertical-align:-1px;background:var(--tone)}
.heat{fill:var(--accent)}.edge{fill:none;stroke:var(--quiet);opacity:.55}.node{fill:var(--paper);stroke:var(--accent);stroke-width:3}.node-name{fill:var(--ink);font-size:12px;font-weight:600}
.legend,.bars{list-style:none;margin:6px 0 0;padding:0}.legend{display:flex;flex-wrap:wrap;gap:2px 12px;font-size:12px;color:var(--quiet);max-height:58px;overflow:auto}.legend b{color:var(--ink);font-weight:500}
.legend i{display:inline-block;width:10px;height:3px;margin-right:5px;vertical-align:middle;background:var(--tone)}
.bars{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,2fr) max-content;gap:4px 8px}.bars li{display:grid;grid-column:1/-1;grid-template-columns:subgrid;align-items:center}.bars .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.bars b{text-align:right;color:var(--tone);font-weight:600}
.panel svg.bar{height:10px}.empty{fill:var(--raised)}rect[class^=tone]{fill:var(--tone)}
.stat{margin:auto 0;text-align:center;color:var(--quiet)}.stat strong{font-size:26px;font-weight:600;color:var(--tone)}.stat br+*{font-size:13px}
.none{margin:auto;color:var(--quiet)}.trouble{margin:auto;color:var(--bad)}.more{margin:2px 0;color:var(--quiet);font-size:12px}
.scrolled{overflow:auto;max-height:420px}table{border-collapse:collapse;width:100%;font-size:13px}th{text-align:left;color:var(--quiet);font-weight:500;position:sticky;top:0;background:var(--paper)}th,td{padding:3px 10px 3px 0;border-bottom:1px solid var(--line);white-space:nowrap}.number{text-align:right;padding:3px 0 3px 10px}td[class*=tone]{color:var(--tone)}.quiet{color:var(--quiet)}
.board-list{padding:0;list-style:none;display:grid;gap:10px;max-width:62em}.board-list p{margin:0;color:var(--quiet)}
@media(max-width:900px){.row{grid-template-columns:1fr}.panel{grid-column:auto}}
`;
