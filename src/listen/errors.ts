/** It is not possible to listen as asked; the message says why, and is for whoever started the program. */
export class ListenError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ListenError';
  }
}
