/**
 * One entry point of `lambda/handlers` as a Lambda function: bundled by esbuild, with a role, a log group and
 * grants of its own. The role starts with nothing but its log; whatever else it may do is in `grants`.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type EventInvokeConfigOptions,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  LogLevel,
  NodejsFunction,
  OutputFormat,
  SourceMapMode,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { FilterPattern, LogGroup, type MetricFilter, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { METRICS } from '../lambda/platform/names.ts';
import type { FunctionName } from './settings.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Where the SDK would look for credentials after the environment, which is where Lambda (and the local host) puts
 * them. The SDK loads each only when it gets that far, so leaving them out costs nothing and saves 115 KB.
 */
const credentialSourcesOutsideLambda = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/**
 * Target Node 20, although Lambda runs 24, because the same bundles run on the laptop's Node. The SDK is bundled:
 * smaller than the runtime's copy and of a known version. The source map lies beside the bundle without being
 * named in it: a stack trace can be resolved from the package, and no cold start pays for reading it.
 */
const bundling: BundlingOptions = {
  format: OutputFormat.ESM,
  target: 'node20',
  minify: true,
  sourceMap: true,
  sourceMapMode: SourceMapMode.EXTERNAL,
  sourcesContent: false,
  externalModules: credentialSourcesOutsideLambda,
  logLevel: LogLevel.WARNING,
  mainFields: ['module', 'main'],
  // CommonJS inside the bundle needs a `require`; the long name cannot clash with one that minifying invents.
  banner: [
    "import { createRequire as switchboardBundleCreateRequire } from 'node:module';",
    'const require = switchboardBundleCreateRequire(import.meta.url);',
  ].join(''),
};

export interface HandlerFunctionProps extends EventInvokeConfigOptions {
  name: FunctionName;
  description: string;
  timeout: Duration;
  /** MB; Lambda gives processor time in proportion. */
  memorySize: number;
  environment: Record<string, string>;
  grants: PolicyStatement[];
  logRetention: RetentionDays;
  reservedConcurrentExecutions?: number | undefined;
}

export class HandlerFunction extends NodejsFunction {
  /** What it may do; further grants may be added. */
  readonly ownRole: Role;
  private readonly loggedErrors: MetricFilter;

  constructor(scope: Construct, id: string, { name, grants, logRetention, ...rest }: HandlerFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, {
      description: `What the function ${name} may do`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    for (const grant of grants) role.addToPolicy(grant);
    super(scope, id, {
      ...rest,
      entry: join(root, 'lambda', 'handlers', `${name}.handler.ts`),
      projectRoot: root,
      depsLockFilePath: join(root, 'package-lock.json'),
      bundling,
      role,
      logGroup,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // START, END and REPORT lines cost more than our own lines say; metrics carry what they tell.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
    });
    this.ownRole = role;
    this.loggedErrors = logGroup.addMetricFilter('Errors', {
      metricNamespace: METRICS.namespace,
      metricName: `LoggedErrors.${name}`,
      filterPattern: FilterPattern.stringValue('$.level', '=', 'ERROR'),
    });
  }

  /**
   * Errors that the function wrote to its log. Lambda's own count knows only what was thrown, and the handlers
   * throw nothing at a caller.
   */
  metricLoggedErrors(options: MetricOptions): Metric {
    return this.loggedErrors.metric({ statistic: Stats.SUM, ...options });
  }
}
