# The storefront's pages behind nginx, which passes /api on to the bus:
#   docker build -f infrastructure/docker/frontend.Dockerfile -t ecommerce-soa/frontend:0.1.0 .
ARG NODE=node:22-bookworm-slim
ARG BASE=nginxinc/nginx-unprivileged:1.29-alpine

FROM ${NODE} AS build
WORKDIR /src
# The packages are a layer of their own, which is made anew only when they change.
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --ignore-scripts
COPY frontend/ ./
RUN npm run build

FROM ${BASE} AS frontend
# Filled in at start into /tmp, the one folder that is written to: the bus, and who stands before this web server
# (an address or CIDR; 255.255.255.255 for nobody).
ENV RUN=/tmp PAGES=/srv/pages LISTEN=0.0.0.0:3000 ESB=esb:8080 TRUSTED=255.255.255.255 \
    NGINX_ENVSUBST_OUTPUT_DIR=/tmp NGINX_ENVSUBST_FILTER="^(RUN|PAGES|LISTEN|ESB|TRUSTED)\$"
COPY infrastructure/docker/nginx.conf.template /etc/nginx/templates/nginx.conf.template
COPY --from=build /src/dist /srv/pages
USER 101:101
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --start-interval=1s --retries=3 \
    CMD ["wget", "--quiet", "--spider", "http://127.0.0.1:3000/"]
CMD ["nginx", "-e", "stderr", "-c", "/tmp/nginx.conf"]
