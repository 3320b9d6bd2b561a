/**
 * The environment names a bundle of certificates or a proxy that cannot be used. Trying again does not help until
 * somebody changes the file or the variable; the message says which.
 */
export class NetworkConfigurationError extends Error {
  override readonly name = 'NetworkConfigurationError';
}
