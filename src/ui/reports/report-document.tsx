import type { ComponentChildren } from 'preact';
import type {
  ReportActionView,
  ReportBlockView,
  ReportDocumentView,
  ReportEventView,
  ReportTableView,
  ReportTextView,
} from '../../server/api-types/report.js';
import { unbroken } from '../words/numbers.js';

/** What a report says below its title: the same words as in the mail, as a page of ours. */
export function ReportDocument({ document }: { readonly document: ReportDocumentView }) {
  return (
    <>
      {document.lead.map((text) => (
        <Text key={text.text} text={text} />
      ))}
      {document.sections.map(({ title, blocks }) => (
        <section key={title}>
          <h2>{title}</h2>
          {blocks.map((block, index) => (
            <Block key={index} block={block} />
          ))}
        </section>
      ))}
      <div class="aside fine-print">
        {document.footer.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </div>
    </>
  );
}

function Block({ block }: { readonly block: ReportBlockView }) {
  switch (block.kind) {
    case 'paragraph':
      return <Text text={block.paragraph} />;
    case 'actions':
      return <Actions actions={block.actions} />;
    case 'table':
      return <Table table={block.table} />;
    case 'picture':
      return <img class="report-picture" src={block.picture.url} alt={block.picture.alt} loading="lazy" />;
    case 'entries':
      return <Entries entries={block.entries} />;
  }
}

function Text({ text }: { readonly text: ReportTextView }) {
  return (
    <p class={text.tone ?? ''}>
      <Linked href={text.href}>{unbroken(text.text)}</Linked>
    </p>
  );
}

function Actions({ actions }: { readonly actions: readonly ReportActionView[] }) {
  return (
    <ol class="report-actions">
      {actions.map(({ title, why, action, owner, href }) => (
        <li key={title}>
          <b>
            <Linked href={href}>{unbroken(title)}</Linked>
          </b>
          <p class="aside">{unbroken(why)}</p>
          <p>
            <span class="aside">Do:</span> {unbroken(action)}
          </p>
          <p>
            <span class="aside">Whose:</span> {owner}
          </p>
        </li>
      ))}
    </ol>
  );
}

function Table({ table: { caption, columns, rows } }: { readonly table: ReportTableView }) {
  return (
    <table class="cards report-figures">
      <caption class="unseen-text">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, align }) => (
            <th key={title} scope="col" class={align === 'right' ? 'number' : ''}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([head, ...cells], index) => (
          <tr key={index}>
            {head && (
              <th scope="row">
                <Cell cell={head} />
              </th>
            )}
            {cells.map((cell, at) => (
              <td
                key={at}
                class={columns[at + 1]?.align === 'right' ? 'number' : ''}
                data-title={columns[at + 1]?.title}
              >
                <Cell cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell({ cell }: { readonly cell: ReportTextView }) {
  return (
    <>
      <span class={cell.tone ?? ''}>
        <Linked href={cell.href}>{unbroken(cell.text)}</Linked>
      </span>
      {cell.note !== null && <span class="cell-note">{unbroken(cell.note)}</span>}
    </>
  );
}

function Entries({ entries }: { readonly entries: readonly ReportEventView[] }) {
  return (
    <ul class="report-entries">
      {entries.map(({ title, when, tone, href, facts }) => (
        <li key={`${title} ${when}`}>
          <b class={tone ?? ''}>
            <Linked href={href}>{unbroken(title)}</Linked>
          </b>
          <p>{when}</p>
          {facts.map((fact) => (
            <p key={fact} class="aside">
              {unbroken(fact)}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

function Linked({ href, children }: { readonly href: string | null; readonly children: ComponentChildren }) {
  return href === null ? <>{children}</> : <a href={href}>{children}</a>;
}
