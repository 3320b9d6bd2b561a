import { WebSocket } from 'ws';

/** A WebSocket as pages have it: one that fails unheard is no fault of the program. */
export class PageWebSocket extends WebSocket {
  constructor(url: string | URL, subprotocols: string[]) {
    super(url, subprotocols);
    this.on('error', () => {});
  }
}
