# syntax=docker/dockerfile:1
# nginx in front of the API, with the configuration that a server gets: deploy/nginx.

FROM nginx:1.28-bookworm
WORKDIR /pagesight
COPY deploy/nginx deploy/nginx
COPY deploy/docker/front.sh deploy/docker/front.sh
EXPOSE 80 443
STOPSIGNAL SIGTERM
ENTRYPOINT ["deploy/docker/front.sh"]
CMD []
