from tests.api.field import garden as garden
