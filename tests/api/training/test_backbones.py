"""The networks that a training begins with: each is read, trained a step and exported as the server reads it."""

from pathlib import Path

import pytest
import torch
from torchvision.models import get_model

from api.models.torchvision.definition import read_definition
from api.models.torchvision.safetensors import write_safetensors
from api.training.adapt import adapt
from api.training.backbones import BACKBONES, Normalize, load_backbone
from api.training.errors import TrainingError
from api.training.export import scale_head


@pytest.mark.parametrize("builder", ["resnet18", "efficientnet_b0"])
def test_is_read_adapted_and_served(builder: str, tmp_path: Path):
    torch.manual_seed(0)
    torch.save(get_model(builder, weights=None).state_dict(), tmp_path / f"{builder}.pth")
    network = load_backbone(builder, tmp_path)
    pixels = torch.randint(0, 256, (12, 64, 64, 3), dtype=torch.uint8).numpy()
    labels, places = torch.arange(12) % 3, torch.arange(12).numpy()
    normalize = Normalize(builder)
    adapt(network, builder, normalize, pixels, labels, places=places, weights=torch.ones(3), seed=0)
    write_safetensors(tmp_path / "mine.safetensors", scale_head(network, builder, 2.0), {"format": "pt"})
    (tmp_path / "mine.torchvision.toml").write_text(f'builder = "{builder}"\nlabels = ["a", "b", "c"]\n')
    _, served = read_definition("mine", tmp_path)
    with torch.inference_mode():
        batch = normalize(torch.from_numpy(pixels).float())
        (scores,) = served(batch).values()
        assert torch.allclose(scores, network.eval()(batch) / 2, atol=1e-3)


def test_says_which_weights_are_missing_or_others(tmp_path: Path):
    assert len(BACKBONES) == 4
    with pytest.raises(TrainingError, match="resnet18.pth is not in the weights folder; .* fetches it"):
        load_backbone("resnet18", tmp_path)
    torch.save({"odd": torch.ones(1)}, tmp_path / "resnet18.pth")
    with pytest.raises(TrainingError, match="is not torchvision's resnet18"):
        load_backbone("resnet18", tmp_path)
