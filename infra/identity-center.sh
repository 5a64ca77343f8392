#!/usr/bin/env bash
# Makes the application of infra/identity-center.yaml accept the tokens of a user pool. CloudFormation cannot make these settings.
# Run it after infra/identity-center-sign-in.yaml, with credentials for the account of IAM Identity Center. Running it again
# creates nothing, and repairs what was changed by hand. It needs the AWS command line and curl.
set -euo pipefail

usage() {
    cat <<'END'
Usage: infra/identity-center.sh OPTIONS [--dry-run]
  --application-arn ARN   the application, an output of the stack of infra/identity-center.yaml
  --user-pool-id ID       the user pool
  --client-id ID          the case workers' app client, an output of the stack of infra/identity-center-sign-in.yaml
  --server-role-arn ARN   the role that the server runs as
  --region REGION         the region of IAM Identity Center; default: that of the AWS command line
  --name NAME             the name of a new trusted token issuer; default: my-data
  --assistant             the application may also use Amazon Q Business (docs/assistant.md)
  --dry-run               reads, and prints each call that would change something, but makes none of them
END
}
die() {
    printf '!! %s\n' "$@" >&2
    exit 1
}
misuse() {
    printf '!! %s\n\n' "$1" >&2
    usage >&2
    exit 2
}

application='' pool='' client='' role='' region='' name=my-data assistant='' dry=''
while [ $# -gt 0 ]; do
    case $1 in
    --dry-run) dry=yes && shift && continue ;;
    --assistant) assistant=yes && shift && continue ;;
    --help) usage && exit ;;
    --application-arn | --user-pool-id | --client-id | --server-role-arn | --region | --name) [ $# -gt 1 ] || misuse "$1 needs a value" ;;
    *) misuse "unknown argument: $1" ;;
    esac
    case $1 in
    --application-arn) application=$2 ;;
    --user-pool-id) pool=$2 ;;
    --client-id) client=$2 ;;
    --server-role-arn) role=$2 ;;
    --region) region=$2 ;;
    --name) name=$2 ;;
    esac
    shift 2
done

# Each value must match its whole pattern, so that it can stand in JSON without being escaped.
valid() {
    local option=$1 value=$2 pattern=$3
    [ -n "$value" ] || misuse "$option is missing"
    [[ $value =~ ^$pattern$ ]] || misuse "$option: not in the form that is expected: $value"
}
valid --application-arn "$application" 'arn:(aws[a-z-]*):sso::([0-9]{12}):application/([A-Za-z0-9.-]+)/[A-Za-z0-9.-]+'
partition=${BASH_REMATCH[1]} account=${BASH_REMATCH[2]} instance=arn:${BASH_REMATCH[1]}:sso:::instance/${BASH_REMATCH[3]}
valid --user-pool-id "$pool" '([a-z0-9-]+)_[A-Za-z0-9]+'
pool_region=${BASH_REMATCH[1]}
valid --client-id "$client" '[A-Za-z0-9]+'
valid --server-role-arn "$role" "arn:$partition:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+"
valid --name "$name" '[A-Za-z0-9+=,.@_-]{1,255}'
suffix=amazonaws.com
[ "$partition" != aws-cn ] || suffix=amazonaws.com.cn
[ "$partition" != aws-eusc ] || suffix=amazonaws.eu
issuer=https://cognito-idp.$pool_region.$suffix/$pool

export AWS_PAGER=''
command -v aws >/dev/null || die "The AWS command line is missing."
region=${region:-${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}}
[ -n "$region" ] || misuse "--region is missing, and the AWS command line has no default"
export AWS_REGION=$region AWS_DEFAULT_REGION=$region

sso_admin() { aws sso-admin "$@" --region "$region" --output text; }
# Makes a call that changes something, or prints it so that it can be pasted into a shell.
exec 3>&1
change() {
    if [ -n "$dry" ]; then
        { printf 'aws sso-admin' && printf ' %q' "$@" --region "$region" && printf '\n'; } >&3
    else
        sso_admin "$@"
    fi
}
step() { printf '=> %s\n' "$*"; }

# --- Where we are ---

caller=$(aws sts get-caller-identity --query Account --output text)
step "Account $caller, region $region"
[ "$caller" = "$account" ] ||
    die "The application belongs to the account $account, but these credentials to $caller." "Use credentials for $account."
instances=$(sso_admin list-instances --query 'Instances[].InstanceArn')
found=''
for one in $instances; do [ "$one" != "$instance" ] || found=yes; done
[ -n "$found" ] || die "The account $account does not have the instance $instance in $region." \
    "Instances there: ${instances:-none}." "Set --region to the region of IAM Identity Center."

# Identity Center accepts a wrong issuer without an error, and then refuses every token.
discovery=$(curl -fsS --max-time 10 "$issuer/.well-known/openid-configuration" | tr -d '[:space:]') ||
    die "There is no discovery document at $issuer." "Compare --user-pool-id with the user pool."
case $discovery in
*"\"issuer\":\"$issuer\""*) ;;
*) die "The discovery document at $issuer names another issuer." ;;
esac

# --- The five settings. Who may use the application comes before what it accepts. ---

step "Only people and groups who are assigned may use the application"
change put-application-assignment-configuration --application-arn "$application" --assignment-required

step "Only the server's role may exchange tokens"
change put-application-authentication-method --application-arn "$application" --authentication-method-type IAM \
    --authentication-method '{"Iam":{"ActorPolicy":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"'"$role"'"},"Action":"sso-oauth:CreateTokenWithIAM","Resource":"'"$application"'"}]}}}'

step "The application may use S3 Access Grants"
change put-application-access-scope --application-arn "$application" --scope s3:access_grants:read_write
if [ -n "$assistant" ]; then
    step "The application may use Amazon Q Business"
    for scope in messages:access messages:read_write conversations:access conversations:read_write; do
        change put-application-access-scope --application-arn "$application" --scope "qbusiness:$scope"
    done
fi

# Two issuers with one URL cannot be told apart, so one that exists is used, whatever its name.
trusted=''
issuers=$(sso_admin list-trusted-token-issuers --instance-arn "$instance" --query 'TrustedTokenIssuers[].TrustedTokenIssuerArn')
for arn in $issuers; do
    details=$(sso_admin describe-trusted-token-issuer --trusted-token-issuer-arn "$arn" \
        --query '[Name,TrustedTokenIssuerConfiguration.OidcJwtConfiguration.[IssuerUrl,ClaimAttributePath,IdentityStoreAttributePath,JwksRetrievalOption]][]')
    read -r its_name its_url its_claim its_attribute its_keys <<<"$details"
    if [ "$its_url" = "$issuer" ]; then
        [ "$its_claim $its_attribute $its_keys" = "email emails.value OPEN_ID_DISCOVERY" ] ||
            die "The trusted token issuer $its_name compares $its_claim with $its_attribute (keys: $its_keys), not email with emails.value." \
                "Other applications may rely on that. Change it in the console, or delete it, then run this again."
        step "The user pool is already trusted: $its_name"
        trusted=$arn
        break
    fi
    [ "$its_name" != "$name" ] || die "A trusted token issuer called $name exists already, for $its_url." "Set another --name."
done
if [ -z "$trusted" ]; then
    step "The user pool is trusted: $name"
    trusted=$(change create-trusted-token-issuer --instance-arn "$instance" --name "$name" --trusted-token-issuer-type OIDC_JWT \
        --trusted-token-issuer-configuration '{"OidcJwtConfiguration":{"IssuerUrl":"'"$issuer"'","ClaimAttributePath":"email","IdentityStoreAttributePath":"emails.value","JwksRetrievalOption":"OPEN_ID_DISCOVERY"}}' \
        --query TrustedTokenIssuerArn)
    trusted=${trusted:-TRUSTED_TOKEN_ISSUER_ARN}
fi

step "The application exchanges tokens of the case workers' app client"
change put-application-grant --application-arn "$application" --grant-type urn:ietf:params:oauth:grant-type:jwt-bearer \
    --grant '{"JwtBearer":{"AuthorizedTokenIssuers":[{"TrustedTokenIssuerArn":"'"$trusted"'","AuthorizedAudiences":["'"$client"'"]}]}}'

if [ -n "$dry" ]; then step "Nothing was changed"; else step "Done"; fi
