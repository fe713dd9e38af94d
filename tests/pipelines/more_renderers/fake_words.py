"""Makes `FakeWords` a renderer by name, where this folder is on the path of the package `renderers`."""

from tests.pipelines.fakes import FakeWords

RENDERER = FakeWords
