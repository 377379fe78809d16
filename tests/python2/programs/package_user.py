# A package whose modules import each other by their bare names.
from package.train import train
from package import settings
import package.data

print settings.NAME, settings.SIZE, package.data.halves([1, 2, 3, 4, 5])
print train(3)
