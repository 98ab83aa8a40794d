"""Fine-tuning as PyTorch and torchvision publish it, written anew: their scripts are not in any package.

After PyTorch's "Transfer Learning for Computer Vision Tutorial" (fine-tuning the whole network): SGD with a rate of
0.001 and momentum 0.9, a tenth of it every 7 epochs, 25 epochs in batches of 4, random resized crops and mirroring; the
epoch that is best on the photographs held out wins. Pictures have the side of the plan in place of 224.
"""

from benchmarks.training.plan import Epoch, Plan, elapsed, run_peer  # isort: skip - the clock starts here

from collections.abc import Sequence
from typing import Any

import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import models, transforms

EPOCHS, BATCH = 25, 4
RATE, MOMENTUM, EVERY, FACTOR = 0.001, 0.9, 7, 0.1
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
ENLARGED = 256 / 224  # the shorter side before the middle is cut out


class Pictures(Dataset):
    """(image, label) of each file."""

    def __init__(self, files: Sequence[tuple[str, int]], transform: Any) -> None:
        self.files, self.transform = files, transform

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, place: int) -> tuple[torch.Tensor, int]:
        path, label = self.files[place]
        with Image.open(path) as image:
            return self.transform(image.convert("RGB")), label


def train(plan: Plan) -> tuple[list[int], list[Epoch]]:
    """Fine-tune; see run_peer."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    finish = [transforms.ToTensor(), transforms.Normalize(MEAN, STD)]
    changed = [
        transforms.RandomResizedCrop(plan.side),
        transforms.RandomHorizontalFlip(0.5 if plan.mirrors else 0),
        *finish,
    ]
    plain = [transforms.Resize(round(plan.side * ENLARGED)), transforms.CenterCrop(plan.side), *finish]
    learnt = DataLoader(Pictures(plan.learnt, transforms.Compose(changed)), BATCH, shuffle=True)
    held_out = DataLoader(Pictures(plan.held_out, transforms.Compose(plain)), BATCH)
    network = models.mobilenet_v2()
    network.load_state_dict(torch.load(plan.weights, weights_only=True))
    network.classifier[1] = nn.Linear(network.last_channel, len(plan.labels))
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE, momentum=MOMENTUM)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, EVERY, FACTOR)
    epochs: list[Epoch] = []
    best: list[int] = []
    for _ in range(EPOCHS):
        network.train()
        for images, labels in learnt:
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(images), labels).backward()
            optimizer.step()
        schedule.step()
        said = predict(network, held_out)
        right = sum(one == label for one, (_, label) in zip(said, plan.held_out, strict=True)) / len(said)
        if not epochs or right > max(epoch.accuracy for epoch in epochs):
            best = said
        epochs.append(Epoch(right, elapsed()))
        if elapsed() > plan.most_seconds:
            break
    return best, epochs


@torch.inference_mode()
def predict(network: nn.Module, pictures: DataLoader) -> list[int]:
    """Return the label of each picture."""
    network.eval()
    return [int(label) for images, _ in pictures for label in network(images).argmax(dim=1)]


if __name__ == "__main__":
    run_peer(train)
