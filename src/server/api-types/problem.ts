/**
 * An error, as `application/problem+json`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export interface Problem {
  /** `urn:meshslo:` and the code of the failure. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** What can be done about it. */
  readonly hint?: string;
  /** Every mistake of the request, where there may be several. */
  readonly mistakes?: readonly MistakeView[];
}

/** One mistake in a request. */
export interface MistakeView {
  /** Where: `?from=`, or a member of the body such as `/note`. */
  readonly where: string;
  readonly detail: string;
  readonly hint: string | null;
}

/** Why something does not work, and what can be done about it. */
export interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}
