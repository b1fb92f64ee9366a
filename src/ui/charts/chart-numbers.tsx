import { useState } from 'preact/hooks';
import { momentText } from '../words/numbers.js';
import type { ChartContent } from './chart-options.js';

/** The numbers behind a chart, for those who do not see it and those who want to copy them. */
export function ChartNumbers({ title, content }: { readonly title: string; readonly content: ChartContent }) {
  const [isOpen, setOpen] = useState(false);
  const { times, lines, format } = content;
  return (
    <details class="chart-numbers" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Numbers<span class="unseen-text"> of {title}</span>
      </summary>
      {isOpen && (
        <div class="scrolled" tabIndex={0} role="region" aria-label={`Numbers of ${title}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">from</th>
                {lines.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((at, index) => (
                <tr key={at}>
                  <th scope="row">{momentText(at)}</th>
                  {lines.map(({ label, values }) => {
                    const value = values[index];
                    return <td key={label}>{value == null ? 'unknown' : format(value)}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
