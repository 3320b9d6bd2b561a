import type { Handler } from './handler.ts';

export const accountLoginStart: Handler<'account/login/start'> = async (params, { core, afterAnswer }) => {
  const answer = await core.account.login(params);
  afterAnswer(() => core.account.announceLogin());
  return answer;
};

/** A login with an API key is over at once, so there is never one to cancel. */
export const accountLoginCancel: Handler<'account/login/cancel'> = () => ({ status: 'notFound' });

export const accountLogout: Handler<'account/logout'> = async (_params, { core, afterAnswer }) => {
  await core.account.logout();
  afterAnswer(() => core.account.announceUpdate());
  return {};
};

export const accountRateLimitsRead: Handler<'account/rateLimits/read'> = (_params, { core }) =>
  core.account.readRateLimits();

export const accountRead: Handler<'account/read'> = (_params, { core }) => core.account.read();

export const getAuthStatus: Handler<'getAuthStatus'> = (_params, { core }) => core.account.status();
