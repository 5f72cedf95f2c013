/**
 * The CDK app: one stack, checked by cdk-nag while it is synthesized. It asks neither the network nor AWS, so
 * the same call serves `cdk deploy`, the tests, and the local host, which runs the template it yields.
 */
import { createRequire } from 'node:module';
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { SwitchboardStack } from './switchboard-stack.ts';

export interface AppOptions {
  /** CDK context: the settings of `settings.ts`, as `-c NAME=value` would give them, and CDK's own keys. */
  context?: Record<string, unknown>;
  /** Where the cloud assembly goes; CDK's default is `cdk.out`, or a temporary folder outside the CLI. */
  outdir?: string;
}

/** What a CDK app created today would choose; set here so that every way of synthesizing gives one template. */
const recommendedFlags: Record<string, unknown> = createRequire(import.meta.url)(
  'aws-cdk-lib/recommended-feature-flags.json',
);

/** Throws an `Error` that names every bad setting of the context and what to do about it. */
export function createApp({ context = {}, outdir }: AppOptions = {}): App {
  const app = new App({
    context: { ...recommendedFlags, ...context },
    analyticsReporting: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
  const stack = new SwitchboardStack(app, 'Switchboard', {
    description: 'Switchboard: a serverless contact centre for the Vobiz telephony platform',
  });
  Tags.of(stack).add('application', 'switchboard');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
