"""All checks, in the order in which a connection meets what they look at."""

from collections.abc import Callable
from dataclasses import dataclass

from deploy.doctor import certificates, cors, frontdoor, names, renewal, service, videos
from deploy.doctor.finding import Finding
from deploy.doctor.server import Server


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at. It is skipped if one of `needs` is wrong.

    A check that `takes_long` begins as soon as its needs are known, and is reported in its place.
    """

    name: str
    look: Callable[[Server], Finding]
    needs: tuple[str, ...] = ()
    takes_long: bool = False


REACHING = ("dns", "port")  # if one of them is wrong, nothing can be said of the server
CERTIFICATE = ("certificate-chain", "certificate-name", "certificate-days")

CHECKS = (
    Check("origin", cors.check_origin),
    Check("mixed-content", cors.check_mixed_content),
    Check("dns", names.check_name),
    Check("public-address", names.check_public, ("dns",)),
    Check("port", names.check_port, ("dns",)),
    Check("port-80", names.check_port_80, ("dns",)),
    Check("redirect", frontdoor.check_redirect, ("port-80",)),
    Check("certificate-chain", certificates.check_chain, ("port",)),
    Check("certificate-name", certificates.check_certificate_name, ("port",)),
    Check("certificate-days", certificates.check_certificate_days, ("port",)),
    Check("tls-versions", certificates.check_tls_versions, ("port",)),
    Check("api", service.check_api, ("port", *CERTIFICATE)),
    Check("every-address", names.check_every_address, ("api",)),
    Check("proxy", frontdoor.check_proxy, ("api",)),
    Check("no-versions", frontdoor.check_no_versions, ("api",)),
    Check("clock", service.check_clock, ("api",)),
    Check("cors-get", cors.check_cors_get, ("api",)),
    Check("cors-post", cors.check_cors_post, ("api",)),
    Check("foreign-origin", cors.check_foreign_origin, ("api",)),
    Check("errors", service.check_errors, ("api", "cors-get")),
    Check("body-limit", service.check_body_limit, ("api", "cors-get", "proxy")),
    Check("photograph", service.check_photograph_fits, ("api",)),
    Check("videos", videos.check_videos, ("api",)),
    Check("ready", service.check_ready, ("api",)),
    Check("threads", service.check_threads, ("ready",)),
    Check("detection", service.check_detection, ("ready",)),
    Check("slow-senders", frontdoor.check_slow_senders, ("proxy",), takes_long=True),
    Check("page", cors.check_page),
    Check("renewal-hook", renewal.check_renewal_hook),
    Check("renewal-timer", renewal.check_renewal_timer),
)
