"""The fixtures of tests of pages."""

from tests.web.sites import site as site
