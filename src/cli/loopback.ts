import { startLoopback } from '../loopback/index.ts';
import { aborted, watchStopSignals } from './signals.ts';

/** The provider id under which the embedded upstream is configured. */
const PROVIDER_ID = 'loopback';

/** Points a daemon at a loopback upstream, for voice and for turns. No key is needed, so any serves. */
export function loopbackOverrides(url: string): string[] {
  const provider = `{ name = "Loopback", base_url = "${url}", experimental_bearer_token = "no-key-is-needed" }`;
  return [
    `model_provider="${PROVIDER_ID}"`,
    `model_providers.${PROVIDER_ID}=${provider}`,
    `experimental_realtime_ws_base_url="${url}"`,
    `experimental_realtime_webrtc_call_base_url="${url}"`,
  ];
}

/** Serves the loopback upstream on its own until a signal arrives. */
export async function runLoopback(options: { port: number }): Promise<number> {
  const { signal } = watchStopSignals();
  const upstream = await startLoopback({ port: options.port });
  process.stdout.write(`loopback upstream listening on ${upstream.url}\n`);
  await aborted(signal);
  await upstream.close();
  return 0;
}
