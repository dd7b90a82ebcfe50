# `docker compose`, as far as a runbook can be held to it where there are no containers. A service must be one of
# $SERVICES. What ours log is their real log ($LOG_<SERVICE>), with the prefix that compose gives each line; psql asks the
# real database ($DATABASE_<SERVICE>). Everything else is only read: an option or a program that is not known here fails.
docker() {
  [ "$1" = compose ] || refuse "not a command of compose: $*"
  local command=$2 service program
  shift 2
  case $command in
    ps) expect "$*" --all ;;
    logs) logs "$@" ;;
    up) up "$@" ;;
    restart) known "$1" ;;
    exec) service=$1 program=$2; shift 2; known "$service"; execute "$service" "$program" "$@" ;;
    *) refuse "nobody said what \`docker compose $command\` is" ;;
  esac
}

refuse() { echo "$1" >&2; exit 3; }
expect() { [ "$1" = "$2" ] || refuse "\`$1\` instead of \`$2\`"; }
known() { case " $SERVICES " in *" $1 "*) ;; *) refuse "there is no service \`$1\`" ;; esac; }

logs() {
  local prefix=yes file
  while [ $# -gt 1 ]; do
    case $1 in
      --no-log-prefix) prefix=no ;;
      --tail|--since) shift ;;
      *) refuse "docker compose logs knows no \`$1\`" ;;
    esac
    shift
  done
  known "$1"
  file=LOG_$(variable "$1")
  [ -n "${!file:-}" ] || return 0
  if [ $prefix = yes ]; then sed "s/^/$1-1  | /" "${!file}"; else cat "${!file}"; fi
}

up() {
  while [ $# -gt 0 ]; do
    case $1 in
      -d|--no-deps) ;;
      --scale) known "${2%=*}"; scales "${2%=*}"; shift ;;
      -*) refuse "docker compose up knows no \`$1\`" ;;
      *) known "$1" ;;
    esac
    shift
  done
}

# Two containers can't have one port of the host, or one address.
scales() { case " $FIXED " in *" $1 "*) refuse "\`$1\` has a port or an address of its own, and can't be two" ;; esac; }

execute() {
  local service=$1 program=$2 database
  database=DATABASE_$(variable "$1")
  shift 2
  case $service:$program in
    # Images without a shell: there is nothing but the program itself.
    customer-service:*|order-service:*|payment-service:*|esb:*|esb-2:*) refuse "there is no $program in the image of $service" ;;
    customer-db:psql|esb-db:psql) expect "$1" -U; shift 2; psql "${!database}" "$@" ;;
    order-db:sh|rabbitmq:rabbitmqctl|rabbitmq:rabbitmq-diagnostics) ;;
    *) refuse "nobody said what $program is in $service" ;;
  esac
}

variable() { tr 'a-z-' 'A-Z_' <<< "$1"; }
