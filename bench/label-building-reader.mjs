/**
 * The yardstick of `bench:exposition`: Prometheus text read in the plain way, straight from the format's description:
 * split into lines, one regular expression per part, a Map of labels and an object per sample.
 */
export function readWithLabels(body) {
  const samples = [];
  for (const line of body.toString('utf8').split('\n')) {
    if (/^[ \t]*(#|$)/.test(line)) continue;
    const sample = sampleOf(line);
    if (sample !== undefined) samples.push(sample);
  }
  return samples;
}

const head = /[ \t]*([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(\{?)/y;
const label = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,?)/y;
const tail = /[ \t]*(\}?)[ \t]*([^ \t]+)(?:[ \t]+([+-]?\d+))?[ \t]*$/y;

function sampleOf(line) {
  head.lastIndex = 0;
  const [, name, brace] = head.exec(line) ?? [];
  if (name === undefined) return undefined;
  const labels = new Map();
  let at = head.lastIndex;
  if (brace === '{') {
    label.lastIndex = at;
    for (let found = label.exec(line); found !== null; found = label.exec(line)) {
      labels.set(
        found[1],
        found[2].replace(/\\([\\"n])/g, (_, escaped) => (escaped === 'n' ? '\n' : escaped)),
      );
      at = label.lastIndex;
    }
  }
  tail.lastIndex = at;
  const [, , value, timestamp] = tail.exec(line) ?? [];
  if (value === undefined) return undefined;
  return { name, labels, value: numberOf(value), timestamp: timestamp === undefined ? undefined : Number(timestamp) };
}

function numberOf(text) {
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
