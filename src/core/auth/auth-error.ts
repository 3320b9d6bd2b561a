/** Why the stored login cannot be read, written or removed. */
export type AuthErrorCode =
  'api_key_empty' | 'api_key_illegal' | 'file_malformed' | 'file_unreadable' | 'file_unwritable';

/**
 * A failure of the credential store. The message names the file, and the system's error name where there is one. It
 * never carries what is in the file or what was to be written; for that reason a parser's error is not kept as cause.
 */
export class AuthError extends Error {
  readonly code: AuthErrorCode;

  constructor(code: AuthErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.name = 'AuthError';
    this.code = code;
  }
}
