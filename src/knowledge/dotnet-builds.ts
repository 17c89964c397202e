/** .NET builds: which images belong together, what a project may need beside its publish folder. Data only. */

/** Tags of the SDK image; `suite` names the same system in the run-time images. The SDK image is built on the ASP.NET one of its version. Source: dotnet/dotnet-docker:src/sdk; 2026-11. */
export const SDK_TAG =
  /^(?<version>\d+\.\d+)(?:\.\d+)?(?<suite>-(?:alpine(?:\d+\.\d+)?|resolute|noble|jammy|focal|(?:trixie|bookworm|bullseye|buster)-slim|azurelinux\d\.\d|cbl-mariner[\d.]*))?$/;

/** Packages of projects that need no more than the plain runtime. A package may ask for ASP.NET: those that are not here count as such. Source: their nuspec files; 2026-11. */
export const PLAIN_PACKAGES =
  /^(?:Microsoft\.Extensions\.(?!.*AspNet)|Microsoft\.EntityFrameworkCore|System\.|Newtonsoft\.Json$|Npgsql|Dapper$|MySqlConnector$|MySql\.Data$|Serilog(?!\.AspNetCore)|NLog$|StackExchange\.Redis$|RabbitMQ\.Client$|Confluent\.Kafka$|CsvHelper$|Polly$|AutoMapper$|FluentValidation$|Quartz$|MongoDB\.|CommandLineParser$|Google\.Protobuf$)/;

/** Files of the working folder that the host reads (its content root) beside the publish folder. Source: dotnet/AspNetCore.Docs: Generic Host; 2026-11. */
export const CONTENT_ROOT = /^(?:appsettings(?:\.[\w-]+)?\.json|hosting\.json|wwwroot|nlog\.config)$/;

/** What the SDK image has on Alpine and the others have not: culture data, time zones. Source: dotnet/dotnet-docker:src/sdk/8.0/alpine3.24; 2026-11. */
export const ALPINE_DATA = ['icu-data-full', 'icu-libs', 'tzdata'] as const;
