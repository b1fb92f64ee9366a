import { findingSeverities } from '../../domain/finding-kinds.js';
import { spanInWords } from '../../domain/in-words.js';
import type { ControlPlaneInstanceView } from '../../server/api-types/control-plane.js';
import { countText } from '../words/numbers.js';

const healthWords = {
  up: 'up',
  down: 'down',
  forbidden: 'lets us see nothing',
  unknown: 'not answering',
} as const;

/** By the findings that are made of them. */
const healthClasses = {
  up: 'health',
  down: `health severity ${findingSeverities.ControlPlaneDown}`,
  forbidden: `health severity ${findingSeverities.ControlPlaneForbidden}`,
  unknown: 'health',
} as const;

interface InstanceTableProps {
  readonly instances: readonly ControlPlaneInstanceView[];
  readonly title: string;
}

/** Instances, one a row; what an instance does not tell is left empty, never zero. */
export function InstanceTable({ instances, title }: InstanceTableProps) {
  if (instances.length === 0) return <p class="unknown">No address of an instance is known.</p>;
  return (
    <table class="instances cards" data-rows>
      <caption class="unseen-text">{title}</caption>
      <thead>
        <tr>
          <th scope="col">Instance</th>
          <th scope="col">State</th>
          <th scope="col">Version</th>
          <th scope="col" class="number">
            Proxies
          </th>
          <th scope="col" class="number">
            Memory
          </th>
          <th scope="col" class="number">
            CPU
          </th>
          <th scope="col" class="number">
            Up for
          </th>
        </tr>
      </thead>
      <tbody>
        {instances.map((one) => (
          <tr key={one.address}>
            <th scope="row">{one.address}</th>
            <td data-title="state">
              <span class={healthClasses[one.health]}>{healthWords[one.health]}</span>
              {one.trouble !== null && <div class="summary">{one.trouble}</div>}
            </td>
            <td data-title="version">{one.version}</td>
            <td data-title="proxies" class="number">
              {one.proxies !== null && countText(one.proxies)}
            </td>
            <td data-title="memory" class="number">
              {one.memoryBytes !== null && `${countText(Math.round(one.memoryBytes / 1_048_576))} MiB`}
            </td>
            <td data-title="CPU" class="number">
              {one.processors?.toFixed(2)}
            </td>
            <td data-title="up for" class="number">
              {one.uptimeSeconds !== null && spanInWords(one.uptimeSeconds)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
