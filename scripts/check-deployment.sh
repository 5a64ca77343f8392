#!/usr/bin/env bash
# Runs `server check` for a deployment of infra/app.yaml, and ends with its exit status.
#
# Usage: scripts/check-deployment.sh [STACK_PREFIX]          as a task of its own, with the servers' role and network
#        scripts/check-deployment.sh [STACK_PREFIX] --deep   on this machine, with your credentials: also what only an operator may read
set -euo pipefail
. "$(dirname "$0")/lib.sh"
export AWS_PAGER=

prefix=mydata deep=
for argument; do
    case $argument in
    --deep) deep=yes ;;
    -*) die "usage: scripts/check-deployment.sh [STACK_PREFIX] [--deep]" ;;
    *) prefix=$argument ;;
    esac
done

# The value of an output of the stack with the servers.
output() {
    aws cloudformation describe-stacks --stack-name "$prefix-app" --output text \
        --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue | [0]"
}
cluster=$(output ClusterName)
service=$(output EcsServiceName)
# of_service QUERY: a part of the service's description.
of_service() { aws ecs describe-services --cluster "$cluster" --services "$service" --query "services[0].$1" --output "${2:-text}"; }
definition=$(of_service taskDefinition)

if [ -n "$deep" ]; then
    [ -d "$target/site" ] || die "$target/site is missing: run make image or make release first."
    # The same configuration as the servers', and the role that they run as. A value that is missing would be printed as None.
    while IFS=$'\t' read -r name value; do
        case $name in MYDATA_*) export "$name=$value" ;; esac
    done < <(aws ecs describe-task-definition --task-definition "$definition" --output text \
        --query 'taskDefinition.containerDefinitions[0].environment[?value].[name, value]')
    export MYDATA_SITE_ROOT=$target/site
    role=$(aws ecs describe-task-definition --task-definition "$definition" --query taskDefinition.taskRoleArn --output text)
    exec cargo run --quiet --locked -p server -- check --deep --server-role "$role"
fi

task=$(aws ecs run-task --cluster "$cluster" --task-definition "$definition" --launch-type FARGATE \
    --network-configuration "$(of_service networkConfiguration json)" \
    --overrides '{"containerOverrides": [{"name": "server", "command": ["check"]}]}' \
    --query 'tasks[0].taskArn || failures[0].reason' --output text)
[[ $task == arn:* ]] || die "The task did not start: $task"
say "Started the check as a task: $task"
aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task"
of_task() { aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query "tasks[0].$1" --output text; }
# Without an exit status, the server never ran, and there is no log of it.
status=$(of_task 'containers[0].exitCode')
[[ $status =~ ^[0-9]+$ ]] || die "The task did not start: $(of_task stoppedReason)"
# One stream for each task: awslogs names it prefix/container/task.
aws logs get-log-events --log-group-name "$(output LogGroupName)" --log-stream-name "server/server/${task##*/}" \
    --start-from-head --query 'events[].[message]' --output text
exit "$status"
