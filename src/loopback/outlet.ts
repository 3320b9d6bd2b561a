/** Where a producer writes. It has to stop while the outlet is congested, so that what is unsent stays bounded. */
export interface Outlet {
  readonly isCongested: boolean;
  /** Calls back once when there is room again; never when the outlet ends first. */
  onceFree(callback: () => void): void;
}
