import type { DesiredObject } from '../desired-object.js';
import { desiredObject } from '../desired-object.js';
import type { Documents } from '../documents.js';
import { inOrder } from '../in-order.js';
import { withoutMark } from './dashboard-mark.js';

/** A dashboard's JSON model. */
export type DashboardModel = Readonly<Record<string, unknown>>;

/** Dashboards as Grafana's objects; without what Grafana itself counts. */
export function dashboardObjects({ dashboards }: Documents): readonly DesiredObject[] {
  return dashboards.map((board) => {
    const { uid, title } = board;
    const content = (): string => dashboardText({ ...(JSON.parse(board.json) as DashboardModel), uid });
    return desiredObject('dashboard', uid, content, title);
  });
}

/** The model as text to compare: keys in order, without number, version and mark. */
export function dashboardText(model: DashboardModel): string {
  const own = { ...model, tags: withoutMark(tagsOf(model['tags'])), id: undefined, version: undefined };
  return `${JSON.stringify(inOrder(own), undefined, 2)}\n`;
}

export function tagsOf(tags: unknown): readonly string[] {
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}
