/** What a simulation is started with. */
export interface SimulationOptions {
  readonly port: number;
  readonly state: string;
  readonly seed: number;
  readonly historyDays: number;
  readonly mesh: string;
}
