/**
 * CloudFormation's intrinsic functions, as far as CDK uses them for what runs here. Names are the logical ids, so
 * they are the same at every start; ARNs follow from them. Pure.
 */
import { ACCOUNT, REGION } from '../aws/protocol.ts';

export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
}
export interface Template {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, { Default?: unknown }>;
}

/** A resource with its properties resolved. */
export interface Resolved {
  id: string;
  type: string;
  properties: Record<string, unknown>;
}

export type Resolve = (value: unknown) => unknown;

const PSEUDO: Record<string, unknown> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'Switchboard',
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/Switchboard/local`,
  'AWS::NoValue': undefined,
};

/** Where the ARN of a resource of each type begins; its logical id follows. */
const ARN_PREFIX: Record<string, string> = {
  'AWS::DynamoDB::Table': `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/`,
  'AWS::DynamoDB::GlobalTable': `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/`,
  'AWS::Lambda::Function': `arn:aws:lambda:${REGION}:${ACCOUNT}:function:`,
  'AWS::SecretsManager::Secret': `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:`,
  'AWS::IAM::Role': `arn:aws:iam::${ACCOUNT}:role/`,
  'AWS::Events::Rule': `arn:aws:events:${REGION}:${ACCOUNT}:rule/`,
  'AWS::Logs::LogGroup': `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:`,
};

/** The ARN of a resource, from its type and logical id alone. */
export const arnOf = (type: string, id: string) => `${ARN_PREFIX[type] ?? `arn:aws:local:::${type}/`}${id}`;

/** Where on this machine the template's addresses are, without a trailing slash. */
export interface Addresses {
  /** The HTTP API. */
  http: string;
  /** The WebSocket API, without its stage. */
  socket: string;
  /** The management API of the WebSocket API, without the stage. */
  connections: string;
}

/** A function that replaces every intrinsic in a value, and addresses in AWS by those on this machine. */
export function createResolver(template: Template, addresses: Addresses): Resolve {
  const resolver = new Resolver(template, addresses);
  return value => resolver.resolve(value);
}

/** CDK spells the addresses of a WebSocket API out: `https://<id>.execute-api.<region>.amazonaws.com/<stage>`. */
const EXECUTE_API = /^(https|wss):\/\/\w+\.execute-api\.[\w-]+\.amazonaws\.com/;

class Resolver {
  readonly #template: Template;
  readonly #addresses: Addresses;

  constructor(template: Template, addresses: Addresses) {
    this.#template = template;
    this.#addresses = addresses;
  }

  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(item => this.resolve(item)).filter(item => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    if (entries.length === 1 && name && (name === 'Ref' || name.startsWith('Fn::')))
      return this.#apply(name, argument);
    return Object.fromEntries(
      entries.map(([key, each]) => [key, this.resolve(each)]).filter(([, each]) => each !== undefined),
    );
  }

  #apply(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(String(argument));
      case 'Fn::GetAtt':
        return this.#getAtt(argument);
      case 'Fn::Sub':
        return this.#substitute(argument);
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown];
        return this.#localized((this.resolve(parts) as unknown[]).join(separator));
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(this.resolve(text)).split(separator);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [number | string, unknown];
        return (this.resolve(list) as unknown[])[Number(index)];
      }
      default:
        throw new Error(`The local host does not know the intrinsic function ${name}.`);
    }
  }

  #ref(id: string): unknown {
    if (id in PSEUDO) return PSEUDO[id];
    const parameter = this.#template.Parameters?.[id];
    if (parameter) return parameter.Default;
    const type = this.#typeOf(id);
    return type === 'AWS::SecretsManager::Secret' ? arnOf(type, id) : id;
  }

  #getAtt(argument: unknown): string {
    const [id = '', attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    const type = this.#typeOf(id);
    if (type === 'AWS::ApiGatewayV2::Api' && attribute === 'ApiEndpoint') {
      const { ProtocolType } = this.#template.Resources[id]?.Properties ?? {};
      return ProtocolType === 'WEBSOCKET' ? this.#addresses.socket : this.#addresses.http;
    }
    return attribute === 'Arn' || attribute === 'Id' ? arnOf(type, id) : `${id}.${attribute}`;
  }

  #localized(text: string): string {
    const { socket, connections } = this.#addresses;
    return text.replace(EXECUTE_API, (_, scheme) => (scheme === 'wss' ? socket : connections));
  }

  #substitute(argument: unknown): string {
    const [text, own] = (Array.isArray(argument) ? argument : [argument, {}]) as [
      string,
      Record<string, unknown>,
    ];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in own) return String(this.resolve(own[name]));
      return String(name.includes('.') ? this.#getAtt(name) : this.#ref(name));
    });
  }

  #typeOf(id: string): string {
    const type = this.#template.Resources[id]?.Type;
    if (!type) throw new Error(`The template refers to ${id}, which it does not declare.`);
    return type;
  }
}

export function missing(what: string): never {
  throw new Error(`The template has no ${what}.`);
}
