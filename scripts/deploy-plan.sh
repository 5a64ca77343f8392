#!/usr/bin/env bash
# Prints the commands that deploy My Data to AWS, in order, with the values of a settings file. It changes nothing itself: read the
# plan, then run it with bash. A plan can be run again, and then updates what has changed. docs/deploy.md explains the steps.
#
# Usage: scripts/deploy-plan.sh [SETTINGS]     (default: my-data.settings; see infra/example.settings)
#        scripts/deploy-plan.sh --down [SETTINGS]     prints the commands that remove it again
set -euo pipefail
cd "$(dirname "$0")/.."
[ "${BASH_VERSINFO[0]}" -ge 4 ] || {
    echo "This needs bash 4 or newer (macOS: brew install bash)." >&2
    exit 1
}

down=
if [ "${1:-}" = --down ]; then
    down=yes
    shift
fi
settings=${1:-my-data.settings}

# Every problem of the settings, before anything is printed.
problems=()
problem() { problems+=("$*"); }

# --- The settings ---

declare -A value=()
read_settings() {
    local line number=0
    [ -f "$settings" ] || {
        echo "$settings: there is no such file. Copy infra/example.settings, and fill it in." >&2
        exit 2
    }
    while IFS= read -r line || [ -n "$line" ]; do
        number=$((number + 1))
        line=${line%$'\r'}
        case $line in
        '' | '#'*) continue ;;
        esac
        if [[ ! $line =~ ^([a-zA-Z][a-zA-Z0-9]*)=(.*)$ ]]; then
            problem "$settings, line $number: expected name=value"
            continue
        fi
        [ -z "${value[${BASH_REMATCH[1]}]+set}" ] || problem "$settings, line $number: ${BASH_REMATCH[1]} is there twice"
        [ -z "${BASH_REMATCH[2]}" ] || value[${BASH_REMATCH[1]}]=${BASH_REMATCH[2]}
    done <"$settings"
}

# Settings that are no parameter of a template.
OWN=(region account stackPrefix hostedZoneId imageTag)
# Names of parameters of TEMPLATE, each with `required`, or `optional` and its default. The templates write one parameter per
# two-space key.
parameters_of() {
    awk '/^Parameters:/ { on = 1; next } /^[A-Z]/ { on = 0 }
        on && /^  [a-zA-Z0-9]+:/ { if (name) print name, kind; name = $1; sub(/:$/, "", name); kind = "required" }
        on && /^    Default: / { kind = $0; sub(/^    Default: /, "", kind); gsub(/^"|"$/, "", kind); kind = "optional " kind }
        END { if (name) print name, kind }' "infra/$1.yaml"
}
outputs_of() { awk '/^Outputs:/ { on = 1; next } /^[A-Z]/ { on = 0 } on && /^  [a-zA-Z0-9]+:/ { sub(/:$/, "", $1); print $1 }' "infra/$1.yaml"; }

# In single quotes for a shell.
quoted() {
    local one=${1//\'/\'\\\'\'}
    printf "'%s'" "$one"
}

# A team with a VPC of its own names it in the settings, and needs no network. A bucket for code adds the function.
stacks() {
    printf '%s\n' data user-pool
    [ -n "${value[vpcId]:-}" ] || echo network
    printf '%s\n' app watch
    [ -z "${value[codeBucket]:-}" ] || echo lambda
}

# The secrets that people bring, by parameter: the name of the setting that says whether the provider is used, and a name for people.
SECRETS=(
    "itsmeClientSecretArn itsmeClientId itsme-client-secret"
    "auth0ClientSecretArn auth0ClientId auth0-client-secret"
    "beyondIdentityClientSecretArn beyondIdentityClientId beyond-identity-client-secret"
    "loginGovSigningKeySecretArn loginGovClientId login-gov-signing-key"
)

check_settings() {
    local name known=" ${OWN[*]} " stack kind outputs=" "
    for name in region account stackPrefix; do
        [ -n "${value[$name]:-}" ] || problem "$name is missing"
    done
    [[ ${value[region]:-eu-west-1} =~ ^[a-z]{2,4}(-[a-z]+)+-[0-9]$ ]] || problem "region: expected a region such as eu-west-1"
    [[ ${value[account]:-123456789012} =~ ^[0-9]{12}$ ]] || problem "account: expected twelve digits"
    [[ ${value[stackPrefix]:-mydata} =~ ^[a-z][a-z0-9-]{0,30}$ ]] || problem "stackPrefix: expected up to 31 small letters, digits and dashes"
    for stack in $(stacks); do
        while read -r name kind _; do
            known="$known$name "
            [ "$kind" = optional ] || [ -n "${value[$name]:-}" ] || comes_from_the_plan "$name" "$outputs" ||
                problem "$name is missing (infra/$stack.yaml explains it)"
        done < <(parameters_of "$stack")
        for name in $(outputs_of "$stack"); do outputs="$outputs$(lower "$name") "; done
    done
    for name in "${!value[@]}"; do
        [[ $known == *" $name "* ]] || problem "$name is no setting"
        [[ ${value[$name]} != *[[:cntrl:]]* ]] || problem "$name has a control character"
    done
    [ -n "${value[itsmeClientId]:-}${value[loginGovClientId]:-}${value[auth0ClientId]:-}${value[beyondIdentityClientId]:-}" ] ||
        problem "no provider: set itsmeClientId, loginGovClientId, auth0ClientId or beyondIdentityClientId"
    if [ ${#problems[@]} != 0 ]; then
        printf '%s\n' "${problems[@]}" | sort >&2
        exit 2
    fi
}

lower() { printf '%s%s' "$(printf '%s' "${1:0:1}" | tr '[:upper:]' '[:lower:]')" "${1:1}"; }

# Whether an earlier command of the plan finds out the value: an output of an earlier stack, a secret, the image.
comes_from_the_plan() { [[ " $2 imageUri codeKey ${SECRETS[*]%% *} " == *" $1 "* ]]; }

# --- The plan ---

# The name of a stack, and of the shell variable that holds a value found out on the way.
stack_name() { echo "${value[stackPrefix]}-$1"; }

header() {
    cat <<PLAN
#!/usr/bin/env bash
# Deploys My Data. Printed by scripts/deploy-plan.sh from $settings.
set -euo pipefail
export AWS_REGION=$(quoted "${value[region]}") AWS_PAGER=

# The value of an output of a stack. Empty if the stack does not have it, because its condition does not hold.
output() {
    aws cloudformation describe-stacks --stack-name "\$1" --output text \\
        --query "Stacks[0].Outputs[?OutputKey=='\$2'].OutputValue | [0]" | sed 's/^None\$//'
}
PLAN
}

prepare() {
    cat <<'PLAN'

# prepare STACK: removes a stack that failed when it was new, because it cannot be updated. Nothing has used it. Its rollback
# could not delete what is protected against deletion. A load balancer loses this protection here; tables and the pool never do.
prepare() {
    local status kept balancer
    status=$(aws cloudformation describe-stacks --stack-name "$1" --query 'Stacks[0].StackStatus' --output text 2>/dev/null || true)
    case $status in ROLLBACK_COMPLETE | ROLLBACK_FAILED | DELETE_FAILED) ;; *) return 0 ;; esac
    kept=$(aws cloudformation describe-stack-resources --stack-name "$1" --output text --query "StackResources[?(
        ResourceType=='AWS::DynamoDB::Table' || ResourceType=='AWS::Cognito::UserPool') && ResourceStatus=='DELETE_FAILED'].PhysicalResourceId")
    if [ -n "$kept" ]; then
        echo "The stack $1 failed when it was new, and could not delete these: $kept" >&2
        echo 'Delete them and the stack (docs/deploy.md, step 3), then run the plan again.' >&2
        exit 1
    fi
    balancer=$(aws cloudformation describe-stack-resources --stack-name "$1" --output text --query "StackResources[?
        ResourceType=='AWS::ElasticLoadBalancingV2::LoadBalancer' && ResourceStatus=='DELETE_FAILED'].PhysicalResourceId")
    [ -z "$balancer" ] || aws elbv2 modify-load-balancer-attributes --load-balancer-arn "$balancer" \
        --attributes Key=deletion_protection.enabled,Value=false >/dev/null
    aws cloudformation delete-stack --stack-name "$1"
    aws cloudformation wait stack-delete-complete --stack-name "$1"
}
PLAN
}

check_account() {
    cat <<PLAN

# --- The right account ---
[ "\$(aws sts get-caller-identity --query Account --output text)" = $(quoted "${value[account]}") ] ||
    { echo 'These credentials are for another account.' >&2; exit 1; }
PLAN
}

ask_for_secrets() {
    local row parameter client name first=yes
    for row in "${SECRETS[@]}"; do
        read -r parameter client name <<<"$row"
        [ -n "${value[$client]:-}" ] && [ -z "${value[$parameter]:-}" ] || continue
        if [ -n "$first" ]; then
            first=
            cat <<'PLAN'

# --- The secrets that you got from the providers ---
# secret NAME: the ARN of the secret. If there is none yet, it reads the secret from the terminal and stores it.
secret() {
    local arn file
    if ! arn=$(aws secretsmanager describe-secret --secret-id "$1" --query ARN --output text 2>/dev/null); then
        file=$(mktemp)
        printf 'Paste the secret for %s, then press Ctrl-D on a line of its own:\n' "$1" >&2
        # Without the line end after the last line, which Cognito would send too.
        printf '%s' "$(cat)" >"$file"
        arn=$(aws secretsmanager create-secret --name "$1" --kms-key-id "$keyArn" --secret-string "file://$file" --query ARN --output text) ||
            arn=
        rm -f "$file"
        # Here, a command that fails does not end the plan by itself.
        [ -n "$arn" ] || return 1
    fi
    printf '%s' "$arn"
}
PLAN
        fi
        echo "$parameter=\$(secret $(quoted "${value[stackPrefix]}/$name"))"
    done
}

deploy() {
    local stack=$1 name kind default found earlier=$2
    printf '\n# --- %s ---\n' "infra/$stack.yaml"
    printf 'prepare %s\n' "$(quoted "$(stack_name "$stack")")"
    printf 'aws cloudformation deploy --stack-name %s --template-file infra/%s.yaml \\\n' "$(quoted "$(stack_name "$stack")")" "$stack"
    printf '    --no-fail-on-empty-changeset --capabilities CAPABILITY_IAM --parameter-overrides'
    while read -r name kind default; do
        if [ -n "${value[$name]:-}" ]; then
            found=$(quoted "$name=${value[$name]}")
        elif [[ "$earlier" == *" $name "* ]]; then
            found="\"$name=\$$name\""
        else
            # Left out, it would keep the value of the last deployment.
            found=$(quoted "$name=$default")
        fi
        printf ' \\\n        %s' "$found"
    done < <(parameters_of "$stack")
    printf '\naws cloudformation update-termination-protection --enable-termination-protection --stack-name %s >/dev/null\n' \
        "$(quoted "$(stack_name "$stack")")"
    for name in $(outputs_of "$stack"); do
        printf '%s=$(output %s %s)\n' "$(lower "$name")" "$(quoted "$(stack_name "$stack")")" "$name"
    done
}

# ECS and its scaling make these roles themselves when they are first used. They often use a new role too early, and the stack
# fails.
service_roles() {
    cat <<'PLAN'

# --- The roles of Amazon ECS and of its scaling in this account ---
# service_role NAME SERVICE: makes the role, if there is none yet.
service_role() {
    aws iam get-role --role-name "$1" >/dev/null 2>&1 || aws iam create-service-linked-role --aws-service-name "$2" >/dev/null
}
service_role AWSServiceRoleForECS ecs.amazonaws.com
service_role AWSServiceRoleForApplicationAutoScaling_ECSService ecs.application-autoscaling.amazonaws.com
PLAN
}

push_image() {
    local registry repository suffix=amazonaws.com
    case ${value[region]} in
    cn-*) suffix=amazonaws.com.cn ;;
    eusc-*) suffix=amazonaws.eu ;;
    esac
    registry=${value[account]}.dkr.ecr.${value[region]}.$suffix
    repository=${value[stackPrefix]}
    cat <<PLAN

# --- The image ---
# If you change the server, build again and run the plan again: the service then moves to the new image by itself.
aws ecr describe-repositories --repository-names $(quoted "$repository") >/dev/null 2>&1 ||
    aws ecr create-repository --repository-name $(quoted "$repository") --image-tag-mutability IMMUTABLE \\
        --image-scanning-configuration scanOnPush=true >/dev/null
imageTag=${value[imageTag]:+$(quoted "${value[imageTag]}")}
imageTag=\${imageTag:-\$(git rev-parse --short=12 HEAD)}
image=$(quoted "$registry/$repository")
if ! digest=\$(aws ecr describe-images --repository-name $(quoted "$repository") --image-ids "imageTag=\$imageTag" \\
    --query 'imageDetails[0].imageDigest' --output text 2>/dev/null); then
    make image
    aws ecr get-login-password | docker login --username AWS --password-stdin $(quoted "$registry")
    docker build --platform linux/arm64 -t "\$image:\$imageTag" target/image
    docker push "\$image:\$imageTag"
    digest=\$(aws ecr describe-images --repository-name $(quoted "$repository") --image-ids "imageTag=\$imageTag" \\
        --query 'imageDetails[0].imageDigest' --output text)
fi
imageUri=\$image@\$digest
PLAN
}

upload_code() {
    cat <<PLAN

# --- The code of the function: the server of the image under the name that Lambda starts, and the site ---
codeKey=my-data/\${imageUri##*[:/]}.zip
if ! aws s3api head-object --bucket $(quoted "${value[codeBucket]}") --key "\$codeKey" >/dev/null 2>&1; then
    [ -x target/image/server ] || make image
    cp target/image/server target/image/bootstrap
    (cd target/image && zip -q -r ../lambda.zip bootstrap site)
    rm target/image/bootstrap
    aws s3 cp --only-show-errors target/lambda.zip s3://${value[codeBucket]}/"\$codeKey"
fi
PLAN
}

dns_and_check() {
    local host=${value[publicUrl]#https://}
    host=${host%%:*}
    printf '\n# --- The name ---\n'
    if [ -n "${value[hostedZoneId]:-}" ]; then
        cat <<PLAN
aws route53 change-resource-record-sets --hosted-zone-id $(quoted "${value[hostedZoneId]}") --change-batch "{\"Changes\": [{
    \"Action\": \"UPSERT\", \"ResourceRecordSet\": {\"Name\": \"$host\", \"Type\": \"A\", \"AliasTarget\": {
        \"HostedZoneId\": \"\$balancerHostedZoneId\", \"DNSName\": \"\$balancerDnsName\", \"EvaluateTargetHealth\": false}}}]}" >/dev/null
PLAN
    else
        cat <<PLAN
echo "Create this DNS record, if you have not yet: $host CNAME \$balancerDnsName"
PLAN
    fi
    cat <<PLAN

# --- What AWS, the server and you think of it ---
aws ecs wait services-stable --cluster "\$clusterName" --services "\$ecsServiceName"
echo "Redirect URI to register with each provider: https://\$domain/oauth2/idpresponse"
echo "Now run the checks of docs/deploy.md, then sign in at ${value[publicUrl]}"
PLAN
}

plan() {
    local stack row parameter client name known=" imageUri codeKey "
    for row in "${SECRETS[@]}"; do
        read -r parameter client name <<<"$row"
        [ -z "${value[$client]:-}" ] || known="$known$parameter "
    done
    header
    prepare
    check_account
    service_roles
    [ -z "${value[imageUri]:-}" ] || echo "imageUri=$(quoted "${value[imageUri]}")"
    for stack in $(stacks); do
        [ "$stack" != app ] || [ -n "${value[imageUri]:-}" ] || push_image
        [ "$stack" != lambda ] || [ -n "${value[codeKey]:-}" ] || upload_code
        deploy "$stack" "$known"
        for name in $(outputs_of "$stack"); do known="$known$(lower "$name") "; done
        # They are encrypted with the key of the first stack.
        [ "$stack" != data ] || ask_for_secrets
    done
    dns_and_check
}

# --- The way back ---

plan_down() {
    local stack
    header
    check_account
    cat <<'PLAN'

# Tables, keys, secrets, logs and the user pool stay: each of them is kept by its stack. docs/deploy.md says how to delete them too.
# down STACK: writes down what the stack has, and removes the stack. A stack that is gone is left out.
down() {
    aws cloudformation describe-stacks --stack-name "$1" >/dev/null 2>&1 || return 0
    aws cloudformation describe-stack-resources --stack-name "$1" --output text \
        --query 'StackResources[].[ResourceType, PhysicalResourceId]' >>removed-stacks.txt
    aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name "$1" >/dev/null
    aws cloudformation delete-stack --stack-name "$1"
    aws cloudformation wait stack-delete-complete --stack-name "$1"
}
PLAN
    # Also stacks that the settings no longer ask for: they may still be there.
    for stack in lambda watch app network user-pool data; do
        if [ "$stack" = app ]; then
            cat <<PLAN
# The balancer is protected against deletion.
balancer=\$(aws elbv2 describe-load-balancers --query "LoadBalancers[?DNSName=='\$(output $(quoted "$(stack_name app)") BalancerDnsName 2>/dev/null)'].LoadBalancerArn | [0]" --output text)
[ "\$balancer" = None ] || aws elbv2 modify-load-balancer-attributes --load-balancer-arn "\$balancer" \\
    --attributes Key=deletion_protection.enabled,Value=false >/dev/null
PLAN
        fi
        echo "down $(quoted "$(stack_name "$stack")")"
    done
}

read_settings
check_settings
if [ -n "$down" ]; then plan_down; else plan; fi
