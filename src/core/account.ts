import type {
  AccountUpdatedNotification,
  GetAccountRateLimitsResponse,
  GetAccountResponse,
  GetAuthStatusResponse,
  LoginAccountParams,
  LoginAccountResponse,
  PlanType,
  RateLimitSnapshot,
} from '../protocol/index.ts';
import { PlanType as PlanTypeSchema } from '../protocol/index.ts';
import { AuthError } from './auth/index.ts';
import type { AuthState, AuthStore } from './auth/index.ts';
import { loadConfig } from './config/index.ts';
import type { CoreEnvironment } from './environment.ts';
import { CoreError } from './errors.ts';
import { resolveProvider } from './provider/index.ts';
import { RateLimits } from './rate-limits.ts';

/** Who is logged in. */
export class Account {
  readonly #environment: CoreEnvironment;
  readonly #auth: AuthStore;
  readonly #limits = new RateLimits();

  constructor(environment: CoreEnvironment, auth: AuthStore) {
    this.#environment = environment;
    this.#auth = auth;
  }

  /** The account is null wherever the provider of the configuration does not use OpenAI credentials. */
  read(): GetAccountResponse {
    const requiresOpenaiAuth = this.#requiresOpenaiAuth();
    if (!requiresOpenaiAuth) return { account: null, requiresOpenaiAuth };
    return { account: accountOf(this.#readAuth()), requiresOpenaiAuth };
  }

  /** The kind of login, null wherever `read` gives no account. Credentials are not given out. */
  status(): GetAuthStatusResponse {
    const requiresOpenaiAuth = this.#requiresOpenaiAuth();
    const authMethod = requiresOpenaiAuth ? updateOf(this.#readAuth()).authMode : null;
    return { authMethod, authToken: null, requiresOpenaiAuth };
  }

  /**
   * What a model request was last told of a limit. Reading gives it as clients are to hear it: what was left unsaid
   * is taken over from what was told before.
   */
  get rateLimits(): RateLimitSnapshot {
    return this.#limits.last;
  }

  set rateLimits(snapshot: RateLimitSnapshot) {
    this.#limits.note(snapshot);
  }

  /** The limits as the last model requests told them. Throws `accountError` without a login. */
  readRateLimits(): GetAccountRateLimitsResponse {
    if (this.#readAuth().kind === 'none') {
      throw new CoreError('accountError', 'codex account authentication required to read rate limits');
    }
    return this.#limits.read();
  }

  /** Stores an API key. Throws `accountError` for other kinds of login, and for a key that cannot be stored. */
  async login(params: LoginAccountParams): Promise<LoginAccountResponse> {
    if (params.type !== 'apiKey') {
      throw new CoreError(
        'accountError',
        `login of type \`${params.type}\` is not supported; use \`apiKey\``,
      );
    }
    try {
      await this.#auth.loginWithApiKey(params.apiKey);
    } catch (error) {
      throw accountError(error);
    }
    this.#limits.clear();
    return { type: 'apiKey' };
  }

  /** Tells that a login succeeded; for after its answer. */
  announceLogin(): void {
    const { emit } = this.#environment;
    emit('accountLoginCompleted', { loginId: null, success: true, error: null });
    this.announceUpdate();
  }

  async logout(): Promise<void> {
    try {
      await this.#auth.logout();
    } catch (error) {
      throw accountError(error);
    }
    this.#limits.clear();
  }

  announceUpdate(): void {
    this.#environment.emit('accountUpdated', updateOf(this.#readAuth()));
  }

  #readAuth(): AuthState {
    try {
      return this.#auth.read();
    } catch (error) {
      throw accountError(error);
    }
  }

  /** With a configuration that cannot be used, the built-in provider counts: it is what the defaults name. */
  #requiresOpenaiAuth(): boolean {
    const { codexHome, configOverrides, variables } = this.#environment;
    const loaded = loadConfig({ codexHome, overrides: configOverrides });
    if (!loaded.ok) return true;
    const provider = resolveProvider(loaded.config, variables);
    return provider.ok ? provider.provider.requiresOpenaiAuth : true;
  }
}

function accountOf(auth: AuthState): GetAccountResponse['account'] {
  switch (auth.kind) {
    case 'none':
      return null;
    case 'apiKey':
      return { type: 'apiKey' };
    case 'chatgpt':
      return { type: 'chatgpt', email: auth.email ?? '', planType: planTypeOf(auth.planType) };
  }
}

function updateOf(auth: AuthState): AccountUpdatedNotification {
  switch (auth.kind) {
    case 'none':
      return { authMode: null, planType: null };
    case 'apiKey':
      return { authMode: 'apikey', planType: null };
    case 'chatgpt':
      return { authMode: 'chatgpt', planType: planTypeOf(auth.planType) };
  }
}

function planTypeOf(word: string | null): PlanType {
  const parsed = PlanTypeSchema.safeParse(word);
  return parsed.success ? parsed.data : 'unknown';
}

function accountError(error: unknown): unknown {
  return error instanceof AuthError ? new CoreError('accountError', error.message, { cause: error }) : error;
}
