import './findings.css';
import { useState } from 'preact/hooks';
import type { FindingView } from '../../server/api-types/finding.js';
import { findingAddress } from '../address/address.js';
import { alertTitle } from '../words/alert-words.js';
import { beginning, findingSubject } from '../words/finding-words.js';
import { momentText } from '../words/numbers.js';

/** Rows that are shown before somebody asks for more: a thousand proxies of an old version are one trouble. */
const shownAtFirst = 15;

interface FindingTableProps {
  readonly findings: readonly FindingView[];
  readonly title: string;
}

/** Findings, one a row: what and about whom, since when, and what to do; each advice once in a row of the same. */
export function FindingTable({ findings, title }: FindingTableProps) {
  const [all, setAll] = useState(false);
  const shown = all ? findings : findings.slice(0, shownAtFirst);
  return (
    <>
      <table class="finding-table cards" data-rows>
        <caption class="unseen-text">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Finding</th>
            <th scope="col" class="moment-column">
              Since
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((finding, index) => (
            <tr key={finding.id}>
              <th scope="row">
                <a href={findingAddress(finding.id)}>{alertTitle(finding.kind)}</a>{' '}
                <span class="aside">{findingSubject(finding)}</span>
                <div class="summary">{finding.summary}</div>
                {finding.action !== shown[index - 1]?.action && (
                  <div class="action">
                    <b>What to do:</b> {finding.action}
                  </div>
                )}
              </th>
              <td class="moment" data-title="since">
                {finding.resolvedSeconds === null
                  ? momentText(beginning(finding))
                  : `${momentText(beginning(finding))} to ${momentText(finding.resolvedSeconds)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {findings.length > shown.length && (
        <button class="more" onClick={() => setAll(true)}>
          All {findings.length}
        </button>
      )}
    </>
  );
}
