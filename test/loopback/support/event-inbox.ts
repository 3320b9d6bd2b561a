/** An event as it came over the wire. */
export type WireEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** The events that came and were not taken yet. */
export class EventInbox {
  #received: WireEvent[] = [];
  #arrived: () => void = () => {};

  add(frame: string): void {
    this.#received.push(JSON.parse(frame) as WireEvent);
    this.#arrived();
  }

  /** Waits for an event of a type, and takes all events up to it. */
  async until(type: string): Promise<WireEvent[]> {
    for (;;) {
      const index = this.#received.findIndex((event) => event.type === type);
      if (index !== -1) return this.#take(index + 1);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  takeAll(): WireEvent[] {
    return this.#take(this.#received.length);
  }

  #take(count: number): WireEvent[] {
    return this.#received.splice(0, count).map(withoutEventId);
  }
}

/** Ids of events are only there to be unique; a test of their own sees to that. */
function withoutEventId(event: WireEvent): WireEvent {
  const { event_id: _, ...rest } = event;
  return rest;
}
