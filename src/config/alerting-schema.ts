import { z } from 'zod';
import { issue } from '../documents/checked-value.js';
import { nearestWord } from '../documents/nearest-word.js';
import { durationField } from '../documents/quantities.js';
import { accessFields, httpUrl } from './access-schema.js';

/** One Alertmanager; the others' mistakes are no business of it. */
export const alertmanagerSchema = z.strictObject({
  url: httpUrl.superRefine((text, ctx) => {
    if (/[?#]/.test(text)) {
      ctx.addIssue(issue('bad-url', 'an Alertmanager has no ? and no # in its address', 'http://host:9093/prefix'));
    } else if (/\/api(\/v\d.*)?\/*$/.test(text)) {
      ctx.addIssue(issue('bad-url', 'the address goes too far', `end it before /api: ${text.replace(/\/api.*$/, '')}`));
    }
  }),
  timeout: durationField({ least: 1, most: 60 }).default(10),
  ...accessFields,
});

/** What all of them share. */
export const alertingSchema = z
  .strictObject({ owner: z.string().min(1).optional(), alertmanagers: z.array(z.unknown()).default([]) })
  .prefault({});

/** An address in which words in braces stand for something. */
function linkField(words: readonly string[], needed: readonly string[] = []) {
  return httpUrl.superRefine((text, ctx) => {
    const used = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, word]) => word!);
    for (const word of used.filter((one) => !words.includes(one))) {
      const nearest = nearestWord(word, words);
      const hint = nearest === undefined ? `known: ${words.map(braced).join(', ')}` : `did you mean {${nearest}}?`;
      ctx.addIssue(issue('unknown-placeholder', `nothing stands for {${word}}`, hint));
    }
    for (const word of needed.filter((one) => !used.includes(one))) {
      ctx.addIssue(issue('no-placeholder', `the same address for everything`, `put {${word}} where it stands`));
    }
  });
}

function braced(word: string): string {
  return `{${word}}`;
}

export const linksSchema = z
  .strictObject({
    page: linkField([]).optional(),
    runbooks: linkField(['alert'], ['alert']).optional(),
    dashboards: linkField(['cluster', 'namespace', 'service', 'slo', 'from', 'to']).optional(),
    control_plane_dashboards: linkField(['cluster', 'mesh', 'from', 'to']).optional(),
    meshslo_dashboard: linkField(['cluster', 'from', 'to']).optional(),
  })
  .prefault({});
