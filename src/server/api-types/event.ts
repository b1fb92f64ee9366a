/** Data of the server-sent event `slot` of `GET /api/v1/events`: a further slot has been counted. */
export interface SlotEvent {
  readonly countedUntilSeconds: number;
}

/** Data of the server-sent event `alerts`: another set of alerts fires, or somebody has said something of one. */
export interface AlertsEvent {
  readonly atSeconds: number;
  readonly pages: number;
  readonly tickets: number;
}

/** Data of the server-sent event `findings`: something was found or is over, or has happened. */
export interface FindingsEvent {
  readonly atSeconds: number;
}
