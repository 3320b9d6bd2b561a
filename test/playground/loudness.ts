import type { Page } from 'playwright-core';

/** Listens beside the page to everything that it plays, from its next load on. */
export async function hearLoudness(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const heard = window as unknown as { loudestHeard: number };
    heard.loudestHeard = 0;
    const listen = (analyser: AnalyserNode): void => {
      const samples = new Float32Array(analyser.fftSize);
      setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        for (const sample of samples) heard.loudestHeard = Math.max(heard.loudestHeard, Math.abs(sample));
      }, 20);
    };
    // What goes to the loudspeaker by way of the Web Audio API,
    const connect = Reflect.get(AudioNode.prototype, 'connect') as (...to: unknown[]) => unknown;
    AudioNode.prototype.connect = function connectAndListen(this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode) {
        const analyser = this.context.createAnalyser();
        connect.call(this, analyser);
        listen(analyser);
      }
      return connect.call(this, ...to);
    } as AudioNode['connect'];
    // and what an element plays of a stream.
    const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
    Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
      ...property,
      set(this: HTMLMediaElement, stream: MediaStream | null) {
        property?.set?.call(this, stream);
        if (stream === null) return;
        const context = new AudioContext();
        const analyser = context.createAnalyser();
        connect.call(context.createMediaStreamSource(stream), analyser);
        listen(analyser);
      },
    });
  });
}

/** The loudest that was played so far, as a part of full scale. */
export async function loudestHeard(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { loudestHeard: number }).loudestHeard);
}
