import type { RealtimeVoicesList } from '../../protocol/index.ts';
import { byId } from '../dom.ts';

/** What a person can choose for a call. */
export interface CallChoices {
  readonly transport: 'websocket' | 'webrtc';
  readonly version: 'v1' | 'v2';
  readonly modality: 'audio' | 'text';
  readonly voice: RealtimeVoicesList['defaultV1'];
  /** The microphone; null is the one that the browser chooses. */
  readonly deviceId: string | null;
}

/** Where the choices are kept for the next time, in this browser. */
const STORAGE_KEY = 'parley.playground.call';

/** The fields in which a person chooses what the next call is like. */
export class CallSettings {
  readonly #fields = {
    transport: byId('transport', HTMLSelectElement),
    version: byId('version', HTMLSelectElement),
    modality: byId('modality', HTMLSelectElement),
    voice: byId('voice', HTMLSelectElement),
    microphone: byId('microphone', HTMLSelectElement),
  };
  readonly #hint = byId('settings-hint');
  readonly #stored: Readonly<Record<string, unknown>> = storedChoices();
  #voices: RealtimeVoicesList | null = null;

  constructor() {
    for (const name of ['transport', 'version', 'modality'] as const)
      select(this.#fields[name], this.#stored[name]);
    for (const field of Object.values(this.#fields)) field.addEventListener('change', () => this.#keep());
    this.#fields.version.addEventListener('change', () => this.#fit());
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.listMicrophones());
    this.#fit();
  }

  get choices(): CallChoices {
    const { microphone, modality, transport, version, voice } = this.#fields;
    return {
      transport: transport.value as CallChoices['transport'],
      version: version.value as CallChoices['version'],
      modality: modality.value as CallChoices['modality'],
      voice: voice.value as CallChoices['voice'],
      deviceId: microphone.value === '' ? null : microphone.value,
    };
  }

  /** Offers the voices that the daemon has. */
  setVoices(voices: RealtimeVoicesList): void {
    this.#voices = voices;
    this.#fit();
    select(this.#fields.voice, this.#stored['voice']);
  }

  /** Offers the microphones. Browsers tell their names only to a page that has been allowed to listen. */
  async listMicrophones(): Promise<void> {
    const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    const { microphone } = this.#fields;
    const chosen = microphone.value || this.#stored['microphone'];
    const named = devices.filter(
      ({ deviceId, kind }) => kind === 'audioinput' && deviceId !== '' && deviceId !== 'default',
    );
    const options = named.map(
      ({ deviceId, label }, index) => new Option(label || `Microphone ${index + 1}`, deviceId),
    );
    microphone.replaceChildren(new Option("the system's own", ''), ...options);
    select(microphone, chosen);
  }

  /** Version 1 has other voices than version 2, and only speaks. */
  #fit(): void {
    const { modality, version, voice } = this.#fields;
    const isV1 = version.value === 'v1';
    if (isV1) modality.value = 'audio';
    modality.disabled = isV1;
    this.#hint.textContent = isV1
      ? 'They hold from the next call on. Version 1 has spoken answers only.'
      : 'They hold from the next call on.';
    if (this.#voices === null) return;
    const chosen = voice.value;
    const { defaultV1, defaultV2, v1, v2 } = this.#voices;
    const usual = isV1 ? defaultV1 : defaultV2;
    const names = isV1 ? v1 : v2;
    const options = names.map((name) => new Option(name === usual ? `${name} (default)` : name, name));
    voice.replaceChildren(...options);
    voice.value = usual;
    select(voice, chosen);
  }

  #keep(): void {
    const values = Object.entries(this.#fields).map(([name, field]) => [name, field.value] as const);
    localStorage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(values)));
  }
}

/** Chooses an option if there is such a one. */
function select(field: HTMLSelectElement, value: unknown): void {
  if ([...field.options].some((option) => option.value === value)) field.value = value as string;
}

function storedChoices(): Readonly<Record<string, unknown>> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}');
    return typeof stored === 'object' && stored !== null ? (stored as Record<string, unknown>) : {};
  } catch {
    return {}; // What another version, or a person, has put there is no reason not to start.
  }
}
