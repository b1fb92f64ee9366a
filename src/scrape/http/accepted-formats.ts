/** The Accept header of every request for metrics: the text formats, as Prometheus asks for them. */
export const acceptedFormats =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
