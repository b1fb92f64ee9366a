/** Tells the stories of a fleet one by one, and says how far it is: what takes hours says so in its first minute. */

/** The minutes and seconds that are left, as people say them. */
export function inMinutes(seconds) {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

/** As `tellFleet` does, with a word after the first service and then every half a minute. */
export function tellInTurn(tools, store, stories, time, options, { say }) {
  const fleet = new Map();
  const began = Date.now();
  let said = 0;
  for (const story of stories) {
    for (const [told, truths] of tools.tellFleet(store, [story], time, options)) fleet.set(told, truths);
    const seconds = (Date.now() - began) / 1000;
    if (fleet.size === stories.length || (said > 0 && seconds - said < 30)) continue;
    said = seconds;
    const left = (seconds / fleet.size) * (stories.length - fleet.size);
    say(`told ${fleet.size} of ${stories.length} services: about ${inMinutes(left)} more`);
  }
  return fleet;
}
