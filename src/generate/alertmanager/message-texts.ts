/**
 * What people read, as Go templates that Alertmanager fills in: how many, what, what to do, where to look.
 *
 * They read the annotations that evaluator and rules give to every alert; one that an alert lacks leaves no line.
 *
 * @see https://prometheus.io/docs/alerting/latest/notifications/
 */

/** One line: the alert's summary, or how many of the same name there are. */
export const titleText =
  '{{ if eq .Status "firing" }}[{{ .CommonLabels.severity }}] {{ if eq (len .Alerts.Firing) 1 }}' +
  '{{ (index .Alerts.Firing 0).Annotations.summary }}{{ else }}' +
  '{{ len .Alerts.Firing }} times {{ .CommonLabels.alertname }}{{ if .CommonLabels.service }}: ' +
  '{{ .CommonLabels.service }}{{ end }}{{ end }}{{ else }}[resolved] {{ (index .Alerts 0).Annotations.summary }}' +
  '{{ if gt (len .Alerts) 1 }} and others{{ end }}{{ end }}';

/** Every alert of the message, as plain text. */
export const bodyText = body((field) => `{{ ${field} }}`);

/** The same for Slack, where `<!channel>` in a label would wake everybody. */
export const slackText = body(slackSafe);
export const slackTitle = titleText.replace(/\{\{ (\S+|\(index \S+ 0\)\S+) \}\}/g, (found, field: string) =>
  field === 'else' || field === 'end' ? found : slackSafe(field),
);

/** Where the first alert is shown; empty where no page is configured. */
export const pageLink = '{{ (index .Alerts 0).Annotations.page_url }}';

/** 1 where somebody must look now. */
export const opsgeniePriority = '{{ if eq .CommonLabels.severity "page" }}P1{{ else }}P3{{ end }}';
export const pagerdutySeverity = '{{ if eq .CommonLabels.severity "page" }}critical{{ else }}warning{{ end }}';

function body(write: (field: string) => string): string {
  const line = (name: string, title = ''): string =>
    `{{ if .Annotations.${name} }}${title}${write(`.Annotations.${name}`)}\n{{ end }}`;
  const links = [line('page_url', 'Page: '), line('dashboard_url', 'Dashboard: '), line('runbook_url', 'Runbook: ')];
  const firing = [line('summary'), line('description'), line('action', 'What to do: '), ...links];
  return (
    `{{ range .Alerts.Firing }}${firing.join('')}Since {{ .StartsAt.UTC.Format "2006-01-02 15:04 UTC" }}\n\n{{ end }}` +
    `{{ range .Alerts.Resolved }}Resolved: ${write('.Annotations.summary')}\n{{ end }}`
  );
}

function slackSafe(field: string): string {
  return `{{ ${field} | reReplaceAll "<" "&lt;" }}`;
}
