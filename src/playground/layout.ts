import { byId } from './dom.ts';

/** As in the style sheet. */
const NARROW = '(max-width: 56rem)';

/**
 * Puts the call above the conversation in a narrow window, and beside it in a wide one. The order of the elements changes
 * with it, so that whoever walks them by keys or hears them meets them as they are seen.
 */
export function followWidth(): void {
  const narrow = matchMedia(NARROW);
  const call = byId('call');
  const settings = byId('settings', HTMLDetailsElement);
  const arrange = (): void => {
    if (narrow.matches) call.parentElement?.prepend(call);
    else call.parentElement?.append(call);
    settings.open = !narrow.matches;
  };
  narrow.addEventListener('change', arrange);
  arrange();
}
